-- One row per touch that might have led to the goal: what it was, in which situation, and whether the goal followed.
--
-- A touch is a step of a journey that is under way: neither at the goal nor after it, nor one that ends the
-- journey. Only touches that lie L or longer before the as-of moment count, so that each was followed as long.
-- Touches are in the same stratum where all is alike that was known before them.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    customer_no, journey_no, step_no
-- columns:
--   customer_no    integer  customer
--   journey_no     integer  journey
--   step_no        integer  place in the journey
--   touchpoint_no  integer  touchpoint
--   stratum_no     bigint   situation: the stage before, days since the start, touches so far, whether a session
--                begins, whether it is a later journey, values of segments, and after the first touch the channel of that
--   converts       integer  1 where the goal follows within L, else 0
with

begun as (

    select
        journey.map_no,
        journey.customer_no,
        journey.journey_no,
        journey.started_us,
        journey.goal_us,
        journey.goal_step,
        journey.values_no * 2 + cast(journey.is_later as integer) as profile_no,
        channel.place + 1 as place
    from influence_journeys as journey
    inner join journey_steps as step
        on step.map_no = journey.map_no
        and step.customer_no = journey.customer_no
        and step.journey_no = journey.journey_no
        and step.step_no = 1
    inner join influence_channels as channel on channel.channel_no = step.channel_no

)

select
    step.customer_no,
    step.journey_no,
    step.step_no,
    step.touchpoint_no,
    ((((begun.profile_no * 64 + case when step.step_no > 1 then begun.place else 0 end) * 1024
        + coalesce(step.previous_stage_no, 0)) * 8
        + case
            when step.occurred_us - begun.started_us < 86400000000 then 0
            when step.occurred_us - begun.started_us < 259200000000 then 1
            when step.occurred_us - begun.started_us < 604800000000 then 2
            when step.occurred_us - begun.started_us < 1209600000000 then 3
            when step.occurred_us - begun.started_us < 2592000000000 then 4
            else 5
        end) * 8
        + case
            when step.step_no <= 3 then step.step_no - 1
            when step.step_no <= 5 then 3
            when step.step_no <= 9 then 4
            when step.step_no <= 17 then 5
            else 6
        end) * 2
    + cast(step.is_across as integer) as stratum_no,
    case when begun.goal_us - step.occurred_us <= asked.within_us then 1 else 0 end as converts
from journey_steps as step
inner join begun
    on begun.map_no = step.map_no
    and begun.customer_no = step.customer_no
    and begun.journey_no = step.journey_no
cross join asked_influence as asked
cross join as_of
where
    (begun.goal_step is null or step.step_no < begun.goal_step)
    and not step.is_abandon
    and as_of.as_of_us - step.occurred_us >= asked.within_us
