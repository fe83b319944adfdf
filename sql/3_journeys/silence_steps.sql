-- One row per map, stage and length of silence: the Kaplan-Meier curve of the customer's return.
--
-- Stage 0 is all stages before the goal together. Every step of the map's grid has a row: a day, or a
-- tenth of the median silence where that is shorter, but at least a thousandth of the data's window.
--
-- kind:     working
-- grain:    map_no, stage_no, gap_s
-- columns:
--   map_no    integer  map
--   stage_no  integer  stage, 0: all
--   gap_s     bigint   seconds of silence
--   grid_s    bigint   step of the grid, seconds
--   is_step   boolean  whether the row is a step of the grid
--   silences  bigint   silences of the stage
--   at_risk   bigint   silences at least as long
--   returned  bigint   of these, those that ended there
--   silent    double   chance to be silent for longer
with

staged as (

    select gap.map_no, gap.stage_no, gap.gap_s, sum(gap.returned) as returned, sum(gap.unseen) as unseen
    from silence_gaps as gap
    left join cfg_map_stages as goal on goal.map_no = gap.map_no and goal.is_goal
    where coalesce(gap.stage_no < goal.stage_no, true)
    group by gap.map_no, gap.stage_no, gap.gap_s

),

ranked as (

    select
        map_no,
        gap_s,
        sum(returned) over (partition by map_no) as returns,
        sum(returned) over (
            partition by map_no
            order by gap_s, stage_no
            rows between unbounded preceding and current row
        ) as returns_by_now
    from staged

),

halved as (

    select map_no, min(gap_s) as median_s
    from ranked
    where returns_by_now * 2 >= returns and returns > 0
    group by map_no

),

grids as (

    select
        map.map_no,
        (as_of.as_of_us - as_of.first_us) / 1000000.0 as window_s,
        cast(
            greatest(
                least(86400, coalesce(halved.median_s, 864000) / 10.0),
                (as_of.as_of_us - as_of.first_us) / 1000000000.0,
                1
            ) as bigint
        ) as grid_s
    from cfg_maps as map
    left join halved on halved.map_no = map.map_no
    cross join as_of

),

steps as (

    select grids.map_no, step.step_no * grids.grid_s as gap_s
    from grids
    cross join (select unnest(generate_series(1, 1001)) as step_no) as step
    where (step.step_no - 1) * grids.grid_s < grids.window_s

),

counted as (

    select map_no, stage_no, gap_s, returned, unseen, 0 as steps
    from staged
    union all
    select map_no, 0, gap_s, returned, unseen, 0
    from staged
    union all
    select stages.map_no, stages.stage_no, steps.gap_s, 0, 0, 1
    from (
        select map_no, stage_no
        from staged
        group by map_no, stage_no
        union all
        select map_no, 0
        from staged
        group by map_no
    ) as stages
    inner join steps on steps.map_no = stages.map_no

),

summed as (

    select
        map_no,
        stage_no,
        gap_s,
        sum(steps) > 0 as is_step,
        sum(returned) as returned,
        sum(returned + unseen) as leaving
    from counted
    group by map_no, stage_no, gap_s

),

risked as (

    select
        map_no,
        stage_no,
        gap_s,
        is_step,
        returned,
        sum(leaving) over (partition by map_no, stage_no) as silences,
        sum(leaving) over (
            partition by map_no, stage_no
            order by gap_s desc
            rows between unbounded preceding and current row
        ) as at_risk
    from summed

)

select
    risked.map_no,
    risked.stage_no,
    risked.gap_s,
    grids.grid_s,
    risked.is_step,
    cast(risked.silences as bigint) as silences,
    cast(risked.at_risk as bigint) as at_risk,
    cast(risked.returned as bigint) as returned,
    round(
        case
            when min(case when risked.at_risk > 0 then risked.at_risk - risked.returned end) over earlier = 0 then 0
            else exp(
                sum(
                    case
                        when risked.at_risk > risked.returned
                            then ln((risked.at_risk - risked.returned) / cast(risked.at_risk as double))
                        else 0
                    end
                ) over earlier
            )
        end,
        12
    ) as silent
from risked
inner join grids on grids.map_no = risked.map_no
window earlier as (
    partition by risked.map_no, risked.stage_no
    order by risked.gap_s
    rows between unbounded preceding and current row
)
