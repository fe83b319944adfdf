-- One row per map, stage, length of silence and range of customers: how many silences ended so.
--
-- A silence follows every step of a journey up to its goal; it belongs to the stage that was then the
-- furthest. It ends with the customer's next step, also where that opens the next journey, or has not
-- ended by the as-of moment. After the goal, or an explicit end, none is counted. Lengths are whole
-- seconds, from an hour on whole minutes, from a day on whole quarters of an hour.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, stage_no, gap_s
-- columns:
--   map_no    integer  map
--   stage_no  integer  furthest stage when the silence began
--   gap_s     bigint   seconds
--   returned  bigint   silences that ended with a step
--   unseen    bigint   silences that last until the as-of moment
with

walked as (

    select
        map_no,
        max(stage_no) over earlier as stage_no,
        last_value(case when is_goal then 1 end ignore nulls) over earlier is not null as is_after_goal,
        gap_us
    from journey_steps
    window earlier as (
        partition by map_no, customer_no, journey_no
        order by step_no
        rows between unbounded preceding and 1 preceding
    )

),

measured as (

    select map_no, stage_no, gap_us, 1 as returned, 0 as unseen
    from walked
    where gap_us is not null and stage_no is not null and not is_after_goal
    union all
    select
        summed.map_no,
        summed.furthest_stage_no,
        coalesce(summed.next_started_us, as_of.as_of_us) - summed.ended_us,
        case when summed.next_started_us is not null then 1 else 0 end,
        case when summed.next_started_us is null then 1 else 0 end
    from journey_sums as summed
    cross join as_of
    where summed.furthest_stage_no is not null and summed.goal_us is null and not summed.is_abandoned

)

select
    map_no,
    stage_no,
    cast(
        case
            when gap_us < 3600000000 then floor(gap_us / 1000000.0)
            when gap_us < 86400000000 then floor(gap_us / 60000000.0) * 60
            else floor(gap_us / 900000000.0) * 900
        end as bigint
    ) as gap_s,
    cast(sum(returned) as bigint) as returned,
    cast(sum(unseen) as bigint) as unseen
from measured
group by
    map_no,
    stage_no,
    cast(
        case
            when gap_us < 3600000000 then floor(gap_us / 1000000.0)
            when gap_us < 86400000000 then floor(gap_us / 60000000.0) * 60
            else floor(gap_us / 900000000.0) * 900
        end as bigint
    )
