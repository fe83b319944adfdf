-- One row per map, touchpoint and range of customers: journeys that are over and met it.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, touchpoint_no
-- columns:
--   map_no         integer        map
--   touchpoint_no  integer        touchpoint
--   journeys       bigint         journeys that are over, with a step there
--   converted      bigint         journeys that converted, with a step there before the goal
--   value          decimal(38,2)  money of these
with

met as (

    select map_no, customer_no, journey_no, touchpoint_no, min(step_no) as step_no
    from journey_steps
    group by map_no, customer_no, journey_no, touchpoint_no

)

select
    met.map_no,
    met.touchpoint_no,
    count(case when fact.is_closed and fact.staged_steps > 0 then 1 end) as journeys,
    count(case when met.step_no < fact.steps_to_goal and fact.staged_steps > 0 then 1 end) as converted,
    cast(sum(case when met.step_no < fact.steps_to_goal and fact.staged_steps > 0 then valued.value end) as decimal(38, 2)) as value
from met
inner join journey_facts as fact
    on fact.map_no = met.map_no
    and fact.customer_no = met.customer_no
    and fact.journey_no = met.journey_no
left join journey_values as valued
    on valued.map_no = met.map_no
    and valued.customer_no = met.customer_no
    and valued.journey_no = met.journey_no
where fact.is_closed or fact.goal_us is not null
group by met.map_no, met.touchpoint_no
