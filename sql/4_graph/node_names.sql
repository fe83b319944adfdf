-- One row per node of the graph at each level, virtual nodes included.
--
-- grain:    map_no, level_no, node_no
-- columns:
--   map_no    integer  map
--   level_no  integer  level
--   node_no   integer  touchpoint_no, stage_no, channel_no, or below zero for a virtual node
--   node      varchar  name; virtual nodes stand in parentheses
--   kind      varchar  real, start, exit, open or other: what is folded together
--   stage_no  integer  stage on the map's axis; NULL: none
--   stage     varchar  its name
with

listed as (

    select
        role.map_no,
        1 as level_no,
        role.touchpoint_no as node_no,
        named.touchpoint as node,
        'real' as kind,
        role.stage_no
    from touchpoint_roles as role
    inner join touchpoint_names as named on named.touchpoint_no = role.touchpoint_no
    union all
    select map_no, 2, stage_no, stage, 'real', stage_no
    from cfg_map_stages
    union all
    select map.map_no, 3, channel.channel_no, channel.channel, 'real', cast(null as integer)
    from cfg_maps as map
    cross join channels as channel
    union all
    select map.map_no, levels.level_no, -1, '(start)', 'start', cast(null as integer)
    from cfg_maps as map
    cross join levels
    union all
    select map.map_no, levels.level_no, -2, '(exit)', 'exit', cast(null as integer)
    from cfg_maps as map
    cross join levels
    union all
    select map.map_no, levels.level_no, -3, '(open)', 'open', cast(null as integer)
    from cfg_maps as map
    cross join levels
    union all
    select map.map_no, levels.level_no, -4, '(other)', 'other', cast(null as integer)
    from cfg_maps as map
    cross join levels

)

select
    listed.map_no,
    listed.level_no,
    listed.node_no,
    listed.node,
    listed.kind,
    listed.stage_no,
    stage.stage
from listed
left join cfg_map_stages as stage
    on stage.map_no = listed.map_no and stage.stage_no = listed.stage_no
