-- One row per channel that journeys begin with: which of those that are told apart it is.
--
-- grain:    channel_no
-- columns:
--   channel_no  integer  channel
--   place       integer  from 0, those that most journeys begin with first; the last one is all others together
with

counted as (

    select step.channel_no, count(*) as journeys
    from journey_steps as step
    inner join influence_journeys as journey
        on journey.map_no = step.map_no
        and journey.customer_no = step.customer_no
        and journey.journey_no = step.journey_no
    where step.step_no = 1
    group by step.channel_no

),

ranked as (

    select
        channel_no,
        row_number() over (order by journeys desc, channel_no) - 1 as place
    from counted

)

select
    ranked.channel_no,
    cast(least(ranked.place, asked.channels) as integer) as place
from ranked
cross join asked_influence as asked
