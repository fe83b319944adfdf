-- One row per touchpoint or none, and range of customers: journeys that are over, and those that meet it before the goal.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint; NULL: all journeys
--   journeys       bigint   journeys that are over, with a step there before the goal
--   converted      bigint   of them, those that reach the goal
with

met as (

    select step.customer_no, step.journey_no, step.touchpoint_no
    from journey_steps as step
    inner join influence_journeys as journey
        on journey.map_no = step.map_no
        and journey.customer_no = step.customer_no
        and journey.journey_no = step.journey_no
    inner join asked_influence_touchpoints as asked on asked.touchpoint_no = step.touchpoint_no
    where journey.goal_step is null or step.step_no < journey.goal_step
    group by step.customer_no, step.journey_no, step.touchpoint_no

)

select
    met.touchpoint_no,
    count(*) as journeys,
    count(journey.goal_us) as converted
from met
inner join influence_journeys as journey
    on journey.customer_no = met.customer_no and journey.journey_no = met.journey_no
where journey.is_closed or journey.goal_us is not null
group by met.touchpoint_no
union all
select cast(null as integer), count(*), count(goal_us)
from influence_journeys
where is_closed or goal_us is not null
