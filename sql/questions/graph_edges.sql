-- One row per edge of the graph that is asked.
--
-- A move from a node to itself is a transition, marked is_repeat. The shares are of moves; edges from
-- (start), and to (exit) and (open), count among them.
--
-- grain:    group_no, from_no, to_no
-- columns:
--   group_no      integer  group
--   map_name      varchar  map
--   level         varchar  touchpoint, stage or channel
--   cut           varchar  what a unit is: journey, session or customer
--   from_node     varchar  node that is left, or (start) or (other)
--   to_node       varchar  node that is entered, or (exit), (open) or (other)
--   from_no       integer  number of the node that is left
--   to_no         integer  number of the node that is entered
--   is_repeat     boolean  whether both are the same node
--   transitions   bigint   moves
--   units         bigint   units that make the move at least once
--   customers     bigint   customers who do
--   share_out     double   of all moves that leave from_node, the share that takes this edge
--   share_out_se  double   its standard error, customers being what is sampled; NULL: fewer than two
--                 customers leave from_node
--   share_in      double   of all moves that enter to_node, the share that takes this edge
--   share_all     double   of all moves of the graph, the share that takes this edge
--   bridged       bigint   moves that lead over steps which are no node of the graph
--   skipped       bigint   steps that they lead over
--   across_sessions  bigint  moves that lead from one session into another; an event in none is one of its own
--   n_timed       bigint   moves that are timed: between two steps that are true neighbours
--   median_s      double   median seconds between the two steps; NULL: no move is timed
--   p90_s         double   90th percentile of the seconds
with

counted as (

    select
        group_no,
        from_no,
        to_no,
        cast(sum(transitions) as bigint) as transitions,
        cast(sum(units) as bigint) as units,
        cast(sum(customers) as bigint) as customers,
        cast(sum(bridged) as bigint) as bridged,
        cast(sum(skipped) as bigint) as skipped,
        cast(sum(across_sessions) as bigint) as across_sessions,
        sum(squares) as squares,
        sum(products) as products
    from graph_parts
    where part = 'edge'
    group by group_no, from_no, to_no

),

visited as (

    select group_no, to_no as node_no, sum(transitions) as moves, sum(customers) as customers, sum(squares) as squares
    from graph_parts
    where part = 'node'
    group by group_no, to_no

),

shared as (

    select
        counted.group_no,
        counted.from_no,
        counted.to_no,
        counted.transitions,
        counted.units,
        counted.customers,
        counted.bridged,
        counted.skipped,
        counted.across_sessions,
        counted.squares,
        counted.products,
        counted.transitions / cast(visited.moves as double) as share_out,
        visited.moves,
        visited.squares as leaving_squares,
        visited.customers / cast(nullif(visited.customers - 1, 0) as double) as correction
    from counted
    inner join visited on visited.group_no = counted.group_no and visited.node_no = counted.from_no

)

select
    counted.group_no,
    map.map_name,
    levels.level,
    graph.cut,
    departure.node as from_node,
    arrival.node as to_node,
    counted.from_no,
    counted.to_no,
    counted.from_no = counted.to_no as is_repeat,
    counted.transitions,
    counted.units,
    counted.customers,
    counted.share_out,
    sqrt(
        counted.correction * greatest(
            counted.squares
            - 2 * counted.share_out * counted.products
            + counted.share_out * counted.share_out * counted.leaving_squares,
            0
        )
    ) / cast(counted.moves as double) as share_out_se,
    counted.transitions
    / cast(sum(counted.transitions) over (partition by counted.group_no, counted.to_no) as double) as share_in,
    counted.transitions / cast(sum(counted.transitions) over (partition by counted.group_no) as double) as share_all,
    counted.bridged,
    counted.skipped,
    counted.across_sessions,
    coalesce(timed.n_timed, 0) as n_timed,
    timed.median_s,
    timed.p90_s
from shared as counted
inner join asked_scope as scope on scope.group_no = counted.group_no
inner join asked_graph as graph on graph.group_no = counted.group_no
inner join cfg_maps as map on map.map_no = scope.map_no
inner join levels on levels.level_no = graph.level_no
inner join node_names as departure
    on departure.map_no = scope.map_no
    and departure.level_no = graph.level_no
    and departure.node_no = counted.from_no
inner join node_names as arrival
    on arrival.map_no = scope.map_no
    and arrival.level_no = graph.level_no
    and arrival.node_no = counted.to_no
left join graph_times as timed
    on timed.group_no = counted.group_no
    and timed.from_no = counted.from_no
    and timed.to_no = counted.to_no
order by counted.group_no, counted.transitions desc, counted.from_no, counted.to_no
