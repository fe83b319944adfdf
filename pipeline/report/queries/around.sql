-- One row per link of the steps around a touchpoint, and view: where journeys are three steps before and
-- after they first meet it, repeats merged. At each step the five most common touchpoints stand by
-- themselves, the others are (other).
select
    told.map_name,
    told.segment,
    told.value,
    told.among,
    told.anchor,
    told.step_no,
    told.from_node,
    told.to_node,
    told.direction,
    told.journeys,
    cast(sum(case when told.step_no = 0 then told.journeys end) over whole as bigint) as of_journeys,
    told.customers,
    cast(sum(case when told.step_no = 0 then told.customers end) over whole as bigint) as of_customers,
    timed.median_s,
    timed.across_sessions / cast(timed.transitions as double) as across_share
from segment_steps as told
left join transitions as timed
    on timed.map_name = told.map_name
    and timed.level = 'touchpoint'
    and timed.from_node = told.from_node
    and timed.to_node = told.to_node
window whole as (partition by told.map_name, told.segment, told.value, told.among, told.anchor)
order by
    told.map_name, told.segment, told.value, told.among, told.anchor_no, told.step_no, told.from_node, told.to_node
