-- One row per map, touchpoint, phase and range of customers: steps before, at and after the first goal.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, touchpoint_no, phase, is_buyer
-- columns:
--   map_no         integer  map
--   touchpoint_no  integer  touchpoint
--   phase          varchar  before, at or after
--   is_buyer       boolean  whether the customers have reached the goal
--   events         bigint   steps
--   customers      bigint   customers with at least one
with

reached as (

    select
        map_no,
        customer_no,
        session_no,
        journey_no + step_no as place,
        min(journey_no + step_no) over (partition by map_no, customer_no) as goal_place
    from journey_steps
    where is_goal

),

won as (

    select map_no, customer_no, goal_place, session_no
    from reached
    where place = goal_place

),

lived as (

    select
        step.map_no,
        step.customer_no,
        step.touchpoint_no,
        case
            when won.goal_place is null or step.journey_no + step.step_no < won.goal_place then 'before'
            when step.is_goal or step.session_no = won.session_no then 'at'
            else 'after'
        end as phase,
        won.goal_place is not null as is_buyer,
        count(*) as events
    from journey_steps as step
    left join won on won.map_no = step.map_no and won.customer_no = step.customer_no
    group by
        step.map_no,
        step.customer_no,
        step.touchpoint_no,
        case
            when won.goal_place is null or step.journey_no + step.step_no < won.goal_place then 'before'
            when step.is_goal or step.session_no = won.session_no then 'at'
            else 'after'
        end,
        won.goal_place is not null

)

select map_no, touchpoint_no, phase, is_buyer, cast(sum(events) as bigint) as events, count(*) as customers
from lived
group by map_no, touchpoint_no, phase, is_buyer
