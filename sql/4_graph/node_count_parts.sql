-- One row per node, level and range of customers: the counts that add up to node_counts.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, node_no
-- columns:
--   map_no     integer  map
--   level_no   integer  level
--   node_no    integer  node
--   visits     bigint   steps at the node
--   journeys   bigint   journeys with at least one of them
--   customers  bigint   customers with at least one of them
with

walked as (

    select map_no, level_no, customer_no, journey_no, to_no as node_no, count(*) as visits
    from journey_moves
    group by map_no, level_no, customer_no, journey_no, to_no

),

lived as (

    select map_no, level_no, customer_no, node_no, sum(visits) as visits, count(*) as journeys
    from walked
    group by map_no, level_no, customer_no, node_no

)

select
    map_no,
    level_no,
    node_no,
    cast(sum(visits) as bigint) as visits,
    cast(sum(journeys) as bigint) as journeys,
    count(*) as customers
from lived
group by map_no, level_no, node_no
