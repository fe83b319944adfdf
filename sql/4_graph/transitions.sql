-- One row per edge of the journey graph, at each of its three levels.
--
-- A move from a node to itself is a transition, marked is_repeat. Journeys enter from (start) and leave
-- to (exit) when they are over, to (open) when they may still go on: an open journey has not dropped.
--
-- grain:    map_name, level, from_node, to_node
-- columns:
--   map_name     varchar  map
--   level        varchar  touchpoint, stage or channel
--   from_node    varchar  node that is left, or (start)
--   to_node      varchar  node that is entered, or (exit) or (open)
--   is_repeat    boolean  whether both are the same node
--   transitions  bigint   moves
--   journeys     bigint   journeys that make the move at least once
--   customers    bigint   customers who do
--   share_out    double   of all moves that leave from_node, the share that takes this edge
--   share_in     double   of all moves that enter to_node, the share that takes this edge
--   share_all    double   of all moves of the graph, the share that takes this edge
--   across_sessions  bigint  moves that lead from one session into another; an event in none is one of its own
--   n_timed      bigint   moves that are timed: those with no step in between that has no stage; 0 to and
--                from virtual nodes
--   median_s     double   median seconds between the two steps; NULL: no move is timed
--   p90_s        double   90th percentile of the seconds
select
    map.map_name,
    levels.level,
    departure.node as from_node,
    arrival.node as to_node,
    counted.from_no = counted.to_no as is_repeat,
    counted.transitions,
    counted.journeys,
    counted.customers,
    counted.transitions / cast(
        sum(counted.transitions) over (partition by counted.map_no, counted.level_no, counted.from_no) as double
    ) as share_out,
    counted.transitions / cast(
        sum(counted.transitions) over (partition by counted.map_no, counted.level_no, counted.to_no) as double
    ) as share_in,
    counted.transitions / cast(
        sum(counted.transitions) over (partition by counted.map_no, counted.level_no) as double
    ) as share_all,
    counted.across_sessions,
    coalesce(timed.n_timed, 0) as n_timed,
    timed.median_s,
    timed.p90_s
from move_counts as counted
inner join cfg_maps as map on map.map_no = counted.map_no
inner join levels on levels.level_no = counted.level_no
inner join node_names as departure
    on departure.map_no = counted.map_no
    and departure.level_no = counted.level_no
    and departure.node_no = counted.from_no
inner join node_names as arrival
    on arrival.map_no = counted.map_no
    and arrival.level_no = counted.level_no
    and arrival.node_no = counted.to_no
left join move_times as timed
    on timed.map_no = counted.map_no
    and timed.level_no = counted.level_no
    and timed.from_no = counted.from_no
    and timed.to_no = counted.to_no
order by counted.map_no, counted.level_no, counted.transitions desc, counted.from_no, counted.to_no
