-- One row per map, group of journeys and stage: what became of the journeys that got there.
--
-- reached = progressed + dropped + open, and at the goal's stage and beyond also those that converted.
--
-- grain:    map_no, segment_no, value_no, stage_no
-- columns:
--   map_no            integer  map
--   segment_no        integer  segment; 0: all
--   value_no          integer  value, as in segment_values
--   stage_no          integer  stage
--   reached           bigint   journeys that were at this stage or any later one
--   touched           bigint   of them, those with an event at this very stage
--   skipped           bigint   of them, those that passed over it
--   progressed        bigint   of them, those that went beyond, or reached the goal
--   dropped_explicit  bigint   of them, those that ended here, explicitly
--   dropped_silent    bigint   of them, those that ended here, in silence
--   open              bigint   of them, those that may still go on
--   completed         bigint   of them, those that stand at the goal
--   ordered           bigint   journeys that touched stages 1 to this one in order, gaps allowed
--   current           bigint   journeys whose last stage is this one
--   is_beyond_goal    boolean  whether the stage is the goal's, or lies after it: nobody drops off there
with

staged as (

    select
        fate.map_no,
        fate.segment_no,
        fate.value_no,
        stage.stage_no,
        fate.status,
        fate.journeys,
        fate.furthest_stage_no >= stage.stage_no as is_reached,
        fate.touched_stages & (cast(1 as bigint) << stage.stage_no) > 0 as is_touched,
        fate.furthest_stage_no = stage.stage_no as is_furthest,
        fate.last_stage_no = stage.stage_no as is_last,
        fate.ordered_stage_no >= stage.stage_no as is_ordered,
        coalesce(stage.stage_no >= goal.stage_no, false) as is_beyond_goal
    from journey_fates as fate
    inner join cfg_map_stages as stage on stage.map_no = fate.map_no
    left join cfg_map_stages as goal on goal.map_no = fate.map_no and goal.is_goal

),

judged as (

    select
        map_no,
        segment_no,
        value_no,
        stage_no,
        is_reached,
        is_touched,
        is_last,
        is_ordered,
        is_beyond_goal,
        journeys,
        case
            when not is_reached then null
            when not is_furthest then 'progressed'
            when status <> 'converted' then status
            when is_beyond_goal then 'completed'
            else 'progressed'
        end as fate
    from staged

)

select
    map_no,
    segment_no,
    value_no,
    stage_no,
    cast(coalesce(sum(case when is_reached then journeys end), 0) as bigint) as reached,
    cast(coalesce(sum(case when is_touched then journeys end), 0) as bigint) as touched,
    cast(coalesce(sum(case when is_reached and not is_touched then journeys end), 0) as bigint) as skipped,
    cast(coalesce(sum(case when fate = 'progressed' then journeys end), 0) as bigint) as progressed,
    cast(coalesce(sum(case when fate = 'dropped_explicit' then journeys end), 0) as bigint) as dropped_explicit,
    cast(coalesce(sum(case when fate = 'dropped_silent' then journeys end), 0) as bigint) as dropped_silent,
    cast(coalesce(sum(case when fate = 'open' then journeys end), 0) as bigint) as open,
    cast(coalesce(sum(case when fate = 'completed' then journeys end), 0) as bigint) as completed,
    cast(coalesce(sum(case when is_ordered then journeys end), 0) as bigint) as ordered,
    cast(coalesce(sum(case when is_last then journeys end), 0) as bigint) as current,
    is_beyond_goal
from judged
group by map_no, segment_no, value_no, stage_no, is_beyond_goal
