-- One row per step of the converted journeys that the squiggle is drawn from, to the goal or the fortieth.
--
-- grain:    map_name, journey_id, role, step_no
-- columns:
--   map_name    varchar  map
--   journey_id  varchar  journey
--   role        varchar  typical, one_in_ten or crowd
--   step_no     integer  place in the journey, from 1
--   stage_no    integer  stage; NULL: off the axis
--   stage       varchar  its name
--   touchpoint  varchar  touchpoint
--   elapsed_s   double   seconds since the journey began
select
    journey.map_name,
    journey.journey_id,
    sampled.role,
    step.step_no,
    step.stage_no,
    stage.stage,
    named.touchpoint,
    (step.occurred_us - journey.started_us) / 1000000.0 as elapsed_s
from sampled_journeys as sampled
inner join journey_facts as fact
    on fact.map_no = sampled.map_no
    and fact.customer_no = sampled.customer_no
    and fact.journey_no = sampled.journey_no
inner join journeys as journey
    on journey.map_no = sampled.map_no
    and journey.customer_no = sampled.customer_no
    and journey.journey_no = sampled.journey_no
inner join journey_steps as step
    on step.map_no = sampled.map_no
    and step.customer_no = sampled.customer_no
    and step.journey_no = sampled.journey_no
inner join touchpoint_names as named on named.touchpoint_no = step.touchpoint_no
left join cfg_map_stages as stage on stage.map_no = step.map_no and stage.stage_no = step.stage_no
where step.step_no <= least(fact.steps_to_goal, 40)
order by sampled.map_no, sampled.role, journey.journey_id, step.step_no
