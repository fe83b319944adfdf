-- One row per node of the journey graph, at each of its three levels, virtual nodes included.
--
-- grain:    map_name, level, node
-- columns:
--   map_name   varchar  map
--   level      varchar  touchpoint, stage or channel
--   node       varchar  name
--   kind       varchar  real, start, exit or open
--   node_no    integer  number; below zero for virtual nodes
--   stage_no   integer  stage on the map's axis; NULL: none
--   stage      varchar  its name
--   visits     bigint   steps at the node; for virtual nodes the journeys that begin or end there
--   journeys   bigint   journeys with at least one of them
--   customers  bigint   customers with at least one of them
--   moves_in   bigint   transitions that enter; 0 for (start)
--   moves_out  bigint   transitions that leave; 0 for (exit) and (open)
with

entered as (

    select map_no, level_no, to_no as node_no, sum(transitions) as moves
    from move_counts
    group by map_no, level_no, to_no

),

departed as (

    select map_no, level_no, from_no as node_no, sum(transitions) as moves
    from move_counts
    group by map_no, level_no, from_no

),

started as (

    select map_no, level_no, sum(transitions) as visits, sum(journeys) as journeys
    from move_counts
    where from_no = -1
    group by map_no, level_no

),

lived as (

    select
        map_no,
        count(distinct customer_no) as customers,
        count(distinct case when first_stage_no is not null then customer_no end) as staged_customers
    from journey_facts
    group by map_no

)

select
    map.map_name,
    levels.level,
    named.node,
    named.kind,
    named.node_no,
    named.stage_no,
    named.stage,
    cast(coalesce(counted.visits, case when named.kind = 'start' then started.visits end, 0) as bigint) as visits,
    cast(coalesce(counted.journeys, case when named.kind = 'start' then started.journeys end, 0) as bigint) as journeys,
    coalesce(
        counted.customers,
        case
            when named.kind = 'start' and levels.level_no = 2 then lived.staged_customers
            when named.kind = 'start' then lived.customers
        end,
        0
    ) as customers,
    cast(coalesce(entered.moves, 0) as bigint) as moves_in,
    cast(coalesce(departed.moves, 0) as bigint) as moves_out
from node_names as named
inner join cfg_maps as map on map.map_no = named.map_no
inner join levels on levels.level_no = named.level_no
left join node_counts as counted
    on counted.map_no = named.map_no and counted.level_no = named.level_no and counted.node_no = named.node_no
left join entered
    on entered.map_no = named.map_no and entered.level_no = named.level_no and entered.node_no = named.node_no
left join departed
    on departed.map_no = named.map_no and departed.level_no = named.level_no and departed.node_no = named.node_no
left join started on started.map_no = named.map_no and started.level_no = named.level_no
left join lived on lived.map_no = named.map_no
where counted.node_no is not null or (named.kind = 'start' and started.visits is not null)
order by named.map_no, named.level_no, named.node_no
