-- One row per stage or touchpoint, in the order that the moves themselves suggest: no stage map is needed.
--
-- The trophic level h is the height at which moves climb by 1 as nearly as they can. Of the touchpoints,
-- the thousand most visited of each map are put in order. Heights of touchpoints that no chain of moves
-- links to each other cannot be compared: each such part begins at 0.
--
-- grain:    map_name, level, node
-- columns:
--   map_name       varchar  map
--   level          varchar  touchpoint or stage
--   node           varchar  name
--   place          integer  proposed place, from 1; equal heights share one; NULL: nothing moves there
--   trophic_level  double   height h, lowest is 0; NULL: nothing moves there
--   stage_no       integer  declared stage on the map's axis; NULL: none
--   stage          varchar  its name
--   visits         bigint   steps at the node
--   journeys       bigint   journeys with at least one of them
select
    map.map_name,
    levels.level,
    named.node,
    case
        when found.trophic_level is not null
            then cast(
                rank() over (partition by found.map_no, found.level_no order by found.trophic_level nulls last)
                as integer
            )
    end as place,
    found.trophic_level,
    named.stage_no,
    named.stage,
    ordered.visits,
    ordered.journeys
from found_levels as found
inner join order_nodes as ordered
    on ordered.map_no = found.map_no
    and ordered.level_no = found.level_no
    and ordered.node_no = found.node_no
inner join node_names as named
    on named.map_no = found.map_no
    and named.level_no = found.level_no
    and named.node_no = found.node_no
inner join cfg_maps as map on map.map_no = found.map_no
inner join levels on levels.level_no = found.level_no
order by found.map_no, found.level_no, found.trophic_level nulls last, named.node_no
