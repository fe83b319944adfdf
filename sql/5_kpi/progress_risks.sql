-- One row per map, group of journeys, stage and moment up to T: who is at risk, and who leaves.
--
-- Each group stands twice: as it is, and as its rest, which is all other journeys of the map. T has a row,
-- and for the group itself every sixtieth of T, whether or not anything happens there.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, is_rest, stage_no, counted_us
-- columns:
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   is_rest     boolean  whether it is all journeys but those of the group
--   stage_no    integer  stage, or 0 for the journey as a whole
--   counted_us  bigint   time since the stage was reached, microseconds
--   is_step     boolean  whether it is a sixtieth of T, or 0
--   journeys    bigint   journeys that stood at the stage
--   old         bigint   of them, those that reached it at least T before the as-of moment
--   at_risk     bigint   of them, those still watched just before
--   progressed  bigint   of them, those that go beyond at this moment
--   abandoned   bigint   of them, those that end explicitly at this moment
--   known       bigint   of all journeys, those whose watch does not end before, unless by going beyond or explicitly
with

groups as (

    select map_no, segment_no, value_no, stage_no
    from progress_counts
    group by map_no, segment_no, value_no, stage_no

),

steps as (

    select
        map.map_no,
        cast(
            case when step.step_no = 60 then map.within_us else step.step_no * greatest(floor(map.within_us / 60.0), 1) end
            as bigint
        ) as counted_us,
        step.step_no = 60 as is_last
    from cfg_maps as map
    cross join (select unnest(generate_series(0, 60)) as step_no) as step

),

counted as (

    select map_no, segment_no, value_no, false as is_rest, stage_no, counted_us, leaving, old, progressed, abandoned, 0 as steps
    from progress_counts
    union all
    select
        groups.map_no,
        groups.segment_no,
        groups.value_no,
        true,
        groups.stage_no,
        everyone.counted_us,
        everyone.leaving - coalesce(own.leaving, 0),
        everyone.old - coalesce(own.old, 0),
        everyone.progressed - coalesce(own.progressed, 0),
        everyone.abandoned - coalesce(own.abandoned, 0),
        0
    from groups
    inner join progress_counts as everyone
        on everyone.map_no = groups.map_no and everyone.stage_no = groups.stage_no and everyone.segment_no = 0
    left join progress_counts as own
        on own.map_no = groups.map_no
        and own.segment_no = groups.segment_no
        and own.value_no = groups.value_no
        and own.stage_no = groups.stage_no
        and own.counted_us = everyone.counted_us
    where groups.segment_no > 0
    union all
    select
        groups.map_no,
        groups.segment_no,
        groups.value_no,
        sides.is_rest,
        groups.stage_no,
        steps.counted_us,
        0,
        0,
        0,
        0,
        1
    from groups
    inner join steps on steps.map_no = groups.map_no
    inner join (select unnest([false, true]) as is_rest) as sides
        on not sides.is_rest or (steps.is_last and groups.segment_no > 0)

),

summed as (

    select
        map_no,
        segment_no,
        value_no,
        is_rest,
        stage_no,
        counted_us,
        sum(steps) > 0 as is_step,
        sum(leaving) as leaving,
        sum(old) as old,
        sum(progressed) as progressed,
        sum(abandoned) as abandoned
    from counted
    group by map_no, segment_no, value_no, is_rest, stage_no, counted_us

),

followed as (

    select
        summed.map_no,
        summed.segment_no,
        summed.value_no,
        summed.is_rest,
        summed.stage_no,
        summed.counted_us,
        summed.is_step,
        summed.leaving,
        summed.progressed,
        summed.abandoned,
        map.within_us,
        sum(summed.leaving) over (
            partition by summed.map_no, summed.segment_no, summed.value_no, summed.is_rest, summed.stage_no
        ) as journeys,
        sum(summed.old) over (
            partition by summed.map_no, summed.segment_no, summed.value_no, summed.is_rest, summed.stage_no
        ) as old,
        sum(summed.leaving) over earlier as left_by_now,
        sum(summed.leaving - summed.progressed - summed.abandoned) over earlier as unseen_by_now
    from summed
    inner join cfg_maps as map on map.map_no = summed.map_no
    window earlier as (
        partition by summed.map_no, summed.segment_no, summed.value_no, summed.is_rest, summed.stage_no
        order by summed.counted_us
        rows between unbounded preceding and current row
    )

)

select
    map_no,
    segment_no,
    value_no,
    is_rest,
    stage_no,
    counted_us,
    is_step,
    cast(journeys as bigint) as journeys,
    cast(old as bigint) as old,
    cast(journeys - left_by_now + leaving as bigint) as at_risk,
    cast(progressed as bigint) as progressed,
    cast(abandoned as bigint) as abandoned,
    cast(journeys - unseen_by_now + leaving - progressed - abandoned as bigint) as known
from followed
where counted_us <= within_us and journeys > 0
