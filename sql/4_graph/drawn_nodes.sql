-- One row per node that figures by segment draw under its own name: all stages, otherwise the sixteen most visited.
--
-- kind:     view
-- grain:    map_no, level_no, node_no
-- columns:
--   map_no    integer  map
--   level_no  integer  level
--   node_no   integer  node
--   place     bigint   rank by visits, from 1
with

ranked as (

    select
        counted.map_no,
        counted.level_no,
        counted.node_no,
        row_number() over (
            partition by counted.map_no, counted.level_no
            order by counted.visits desc, named.node
        ) as place
    from node_counts as counted
    inner join node_names as named
        on named.map_no = counted.map_no
        and named.level_no = counted.level_no
        and named.node_no = counted.node_no
    where named.kind = 'real'

)

select map_no, level_no, node_no, place
from ranked
where level_no = 2 or place <= 16
