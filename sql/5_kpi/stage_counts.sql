-- One row per stage of a map: what became of the journeys that got there.
--
-- reached = progressed + dropped + open, and at the goal's stage and beyond also those that converted.
--
-- grain:    map_no, stage_no
-- columns:
--   map_no      integer  map
--   stage_no    integer  stage
--   reached     bigint   journeys that were at this stage or any later one
--   touched     bigint   of them, those with an event at this very stage
--   skipped     bigint   of them, those that passed over it
--   progressed  bigint   of them, those that went beyond, or reached the goal
--   dropped     bigint   of them, those that ended here: explicitly or in silence
--   open        bigint   of them, those that may still go on
--   completed   bigint   of them, those that stand at the goal
--   ordered     bigint   journeys that touched stages 1 to this one in order, gaps allowed
--   current     bigint   journeys whose last stage is this one
--   is_beyond_goal  boolean  whether the stage is the goal's, or lies after it: nobody drops off there
with

goals as (

    select map_no, min(stage_no) as goal_stage_no
    from cfg_map_stages
    where is_goal
    group by map_no

),

reached as (

    select
        stage.map_no,
        stage.stage_no,
        count(*) as reached,
        count(case when stage.is_touched then 1 end) as touched,
        count(
            case
                when stage.beyond_us is not null then 1
                when journey.goal_us is not null and not coalesce(stage.stage_no >= goals.goal_stage_no, false) then 1
            end
        ) as progressed,
        count(
            case
                when stage.beyond_us is null and journey.goal_us is null and journey.status <> 'open' then 1
            end
        ) as dropped,
        count(case when stage.beyond_us is null and journey.status = 'open' then 1 end) as open,
        count(
            case
                when stage.beyond_us is null and journey.goal_us is not null and stage.stage_no >= goals.goal_stage_no
                    then 1
            end
        ) as completed
    from journey_stages as stage
    inner join journeys as journey
        on journey.map_no = stage.map_no
        and journey.customer_no = stage.customer_no
        and journey.journey_no = stage.journey_no
    left join goals on goals.map_no = stage.map_no
    group by stage.map_no, stage.stage_no

),

standing as (

    select map_no, last_stage_no as stage_no, count(*) as current
    from journeys
    where last_stage_no is not null
    group by map_no, last_stage_no

),

in_order as (

    select map_no, stage_no, count(*) as ordered
    from ordered_stages
    group by map_no, stage_no

)

select
    stage.map_no,
    stage.stage_no,
    coalesce(reached.reached, 0) as reached,
    coalesce(reached.touched, 0) as touched,
    coalesce(reached.reached - reached.touched, 0) as skipped,
    coalesce(reached.progressed, 0) as progressed,
    coalesce(reached.dropped, 0) as dropped,
    coalesce(reached.open, 0) as open,
    coalesce(reached.completed, 0) as completed,
    coalesce(in_order.ordered, 0) as ordered,
    coalesce(standing.current, 0) as current,
    coalesce(stage.stage_no >= goals.goal_stage_no, false) as is_beyond_goal
from cfg_map_stages as stage
left join goals on goals.map_no = stage.map_no
left join reached on reached.map_no = stage.map_no and reached.stage_no = stage.stage_no
left join standing on standing.map_no = stage.map_no and standing.stage_no = stage.stage_no
left join in_order on in_order.map_no = stage.map_no and in_order.stage_no = stage.stage_no
