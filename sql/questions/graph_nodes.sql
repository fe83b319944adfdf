-- One row per node of the graph that is asked, virtual nodes included.
--
-- grain:    group_no, node_no
-- columns:
--   group_no   integer  group
--   map_name   varchar  map
--   level      varchar  touchpoint, stage or channel
--   cut        varchar  what a unit is: journey, session or customer
--   node       varchar  name
--   kind       varchar  real, start, exit, open or other
--   node_no    integer  number; below zero for virtual nodes
--   stage_no   integer  stage on the map's axis; NULL: none
--   stage      varchar  its name
--   is_goal    boolean  whether the map's goal is reached there; at the level of channels nowhere
--   visits     bigint   steps at the node; for (start), (exit) and (open) the units that begin or end there
--   units      bigint   units with at least one of them
--   customers  bigint   customers with at least one of them
--   moves_in   bigint   transitions that enter; 0 for (start)
--   moves_out  bigint   transitions that leave; 0 for (exit) and (open)
with

counted as (

    select
        group_no,
        to_no as node_no,
        cast(sum(transitions) as bigint) as visits,
        cast(sum(units) as bigint) as units,
        cast(sum(customers) as bigint) as customers
    from graph_parts
    where part = 'node'
    group by group_no, to_no

),

departed as (

    select group_no, from_no as node_no, sum(transitions) as moves
    from graph_parts
    where part = 'edge'
    group by group_no, from_no

),

aimed as (

    select map_no, 1 as level_no, touchpoint_no as node_no
    from touchpoint_roles
    where is_goal
    union
    select map_no, 2, stage_no
    from touchpoint_roles
    where is_goal and stage_no is not null

)

select
    counted.group_no,
    map.map_name,
    levels.level,
    graph.cut,
    named.node,
    named.kind,
    counted.node_no,
    named.stage_no,
    named.stage,
    aimed.node_no is not null as is_goal,
    counted.visits,
    counted.units,
    counted.customers,
    case when named.kind = 'start' then 0 else counted.visits end as moves_in,
    cast(coalesce(departed.moves, 0) as bigint) as moves_out
from counted
inner join asked_scope as scope on scope.group_no = counted.group_no
inner join asked_graph as graph on graph.group_no = counted.group_no
inner join cfg_maps as map on map.map_no = scope.map_no
inner join levels on levels.level_no = graph.level_no
inner join node_names as named
    on named.map_no = scope.map_no
    and named.level_no = graph.level_no
    and named.node_no = counted.node_no
left join departed on departed.group_no = counted.group_no and departed.node_no = counted.node_no
left join aimed
    on aimed.map_no = scope.map_no
    and aimed.level_no = graph.level_no
    and aimed.node_no = counted.node_no
order by counted.group_no, counted.node_no
