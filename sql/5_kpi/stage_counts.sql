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

ended as (

    select
        advance.map_no,
        advance.stage_no,
        advance.furthest_before,
        advance.beyond_us is not null as is_beyond,
        fact.goal_us is not null as is_converted,
        fact.status = 'open' as is_open,
        count(*) as journeys
    from stage_advances as advance
    inner join journey_facts as fact
        on fact.map_no = advance.map_no
        and fact.customer_no = advance.customer_no
        and fact.journey_no = advance.journey_no
    group by
        advance.map_no,
        advance.stage_no,
        advance.furthest_before,
        advance.beyond_us is not null,
        fact.goal_us is not null,
        fact.status = 'open'

),

reached as (

    select
        stage.map_no,
        stage.stage_no,
        sum(ended.journeys) as reached,
        sum(
            case
                when stage.stage_no < ended.stage_no or ended.is_beyond then ended.journeys
                when ended.is_converted and not coalesce(stage.stage_no >= goals.goal_stage_no, false)
                    then ended.journeys
                else 0
            end
        ) as progressed,
        sum(
            case
                when stage.stage_no = ended.stage_no and not ended.is_beyond
                    and not ended.is_converted and not ended.is_open
                    then ended.journeys
                else 0
            end
        ) as dropped,
        sum(
            case
                when stage.stage_no = ended.stage_no and not ended.is_beyond and ended.is_open then ended.journeys
                else 0
            end
        ) as open,
        sum(
            case
                when stage.stage_no = ended.stage_no and not ended.is_beyond
                    and ended.is_converted and stage.stage_no >= goals.goal_stage_no
                    then ended.journeys
                else 0
            end
        ) as completed
    from ended
    inner join cfg_map_stages as stage
        on stage.map_no = ended.map_no
        and stage.stage_no > ended.furthest_before
        and stage.stage_no <= ended.stage_no
    left join goals on goals.map_no = stage.map_no
    group by stage.map_no, stage.stage_no

),

touched as (

    select map_no, stage_no, count(*) as touched
    from stage_visits
    where is_first_visit
    group by map_no, stage_no

),

standing as (

    select map_no, last_stage_no as stage_no, count(*) as current
    from journey_facts
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
    cast(coalesce(reached.reached, 0) as bigint) as reached,
    coalesce(touched.touched, 0) as touched,
    cast(coalesce(reached.reached, 0) - coalesce(touched.touched, 0) as bigint) as skipped,
    cast(coalesce(reached.progressed, 0) as bigint) as progressed,
    cast(coalesce(reached.dropped, 0) as bigint) as dropped,
    cast(coalesce(reached.open, 0) as bigint) as open,
    cast(coalesce(reached.completed, 0) as bigint) as completed,
    coalesce(in_order.ordered, 0) as ordered,
    coalesce(standing.current, 0) as current,
    coalesce(stage.stage_no >= goals.goal_stage_no, false) as is_beyond_goal
from cfg_map_stages as stage
left join goals on goals.map_no = stage.map_no
left join reached on reached.map_no = stage.map_no and reached.stage_no = stage.stage_no
left join standing on standing.map_no = stage.map_no and standing.stage_no = stage.stage_no
left join touched on touched.map_no = stage.map_no and touched.stage_no = stage.stage_no
left join in_order on in_order.map_no = stage.map_no and in_order.stage_no = stage.stage_no
