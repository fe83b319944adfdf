-- One row per node that journeys visit, at each level.
--
-- grain:    map_no, level_no, node_no
-- columns:
--   map_no     integer  map
--   level_no   integer  level
--   node_no    integer  node
--   visits     bigint   steps at the node
--   journeys   bigint   journeys with at least one of them
--   customers  bigint   customers with at least one of them
select
    map_no,
    level_no,
    node_no,
    cast(sum(visits) as bigint) as visits,
    cast(sum(journeys) as bigint) as journeys,
    cast(sum(customers) as bigint) as customers
from node_count_parts
group by map_no, level_no, node_no
