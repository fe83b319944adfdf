-- One row per stage, and per touchpoint of the thousand most visited, of each map: what is put in order.
--
-- kind:     working
-- grain:    map_no, level_no, node_no
-- columns:
--   map_no     integer  map
--   level_no   integer  1 touchpoint, 2 stage
--   node_no    integer  node
--   stage_no   integer  its stage on the map's axis; NULL: none
--   visits     bigint   steps at the node
--   journeys   bigint   journeys with at least one of them
with

ranked as (

    select
        counted.map_no,
        counted.level_no,
        counted.node_no,
        named.stage_no,
        counted.visits,
        counted.journeys,
        row_number() over (
            partition by counted.map_no, counted.level_no
            order by counted.visits desc, counted.node_no
        ) as place
    from node_counts as counted
    inner join node_names as named
        on named.map_no = counted.map_no
        and named.level_no = counted.level_no
        and named.node_no = counted.node_no
    where counted.level_no in (1, 2) and named.kind = 'real'

)

select map_no, level_no, node_no, stage_no, visits, journeys
from ranked
where place <= 1000
