-- One row per touchpoint on a listed path, and map, with its stage there.
select distinct
    map.map_name,
    node.node,
    role.stage_no
from variant_nodes as node
inner join cfg_maps as map on map.map_no = node.map_no
inner join touchpoint_names as touchpoint on touchpoint.touchpoint = node.node
inner join touchpoint_roles as role
    on role.map_no = node.map_no and role.touchpoint_no = touchpoint.touchpoint_no
where node.level_no = 1
order by map.map_name, node.node
