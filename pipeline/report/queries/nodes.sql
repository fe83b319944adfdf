-- One row per node that figures by segment draw, in the order in which they draw them.
select distinct
    map.map_name,
    levels.level,
    node.drawn as node,
    node.kind,
    node.stage_no,
    case
        when node.kind = 'start' then 0
        when node.kind = 'real' then 1
        when node.kind = 'other' then 2
        when node.kind = 'exit' then 3
        else 4
    end as rank,
    node.place
from drawn_nodes as node
inner join cfg_maps as map on map.map_no = node.map_no
inner join levels on levels.level_no = node.level_no
order by map.map_name, levels.level, rank, node.stage_no nulls last, node.place
