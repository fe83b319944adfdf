-- One row per group: how many units it has, with the anchor or without.
--
-- grain:    group_no
-- columns:
--   group_no   integer  group
--   units      bigint   units that have a node at the level that is asked
--   customers  bigint   customers of these
with

walked as (

    select group_no, customer_no, unit_no
    from graph_steps
    where node_no is not null
    group by group_no, customer_no, unit_no

)

select group_no, count(*) as units, count(distinct customer_no) as customers
from walked
group by group_no
