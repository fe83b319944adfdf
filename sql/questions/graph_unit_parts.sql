-- One row per group and range of customers: its units and steps, before anything is led over or left out.
--
-- ranges:   customer_no
-- grain:    group_no
-- columns:
--   group_no        integer  group
--   units           bigint   units with a step
--   units_left_out  bigint   of them, those that have no node
--   steps           bigint   steps in the journeys of the group
--   outside         bigint   steps that lie between them, in other journeys of the customer
--   left_out        bigint   steps of the units without a node, those between them included
with

walked as (

    select
        group_no,
        customer_no,
        unit_no,
        count(*) as steps,
        count(node_no) as nodes,
        max(place) - min(place) + 1 as places
    from graph_steps
    group by group_no, customer_no, unit_no

)

select
    group_no,
    count(*) as units,
    count(case when nodes = 0 then 1 end) as units_left_out,
    cast(sum(steps) as bigint) as steps,
    cast(sum(places - steps) as bigint) as outside,
    cast(coalesce(sum(case when nodes = 0 then places end), 0) as bigint) as left_out
from walked
group by group_no
