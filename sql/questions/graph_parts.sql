-- One row per count of a graph and range of customers: they add up to edges, nodes and times.
--
-- Read off in one go, because each reading walks through all events of the group.
--
-- ranges:   customer_no
-- grain:    group_no, part, from_no, to_no, gap_us
-- columns:
--   group_no     integer  group
--   part         varchar  edge; node, counted where it is entered (or left, for (start)); or time, an edge
--                and a gap between true neighbours
--   from_no      integer  node that is left; NULL for nodes
--   to_no        integer  node that is entered, or the node
--   gap_us       bigint   time between the two; NULL but for times
--   transitions  bigint   moves; for nodes visits
--   units        bigint   units with at least one of them; NULL for times
--   customers    bigint   customers with at least one of them; NULL for times
--   bridged      bigint   moves that lead over steps; NULL but for edges
--   skipped      bigint   steps that they lead over
--   across_sessions  bigint  moves that lead from one session into another; NULL but for edges
--   squares      double   sum over the customers of the square of their moves; NULL for times
--   products     double   sum over the customers of their moves times all their moves that leave from_no;
--                NULL but for edges
with

moved as (

    select group_no, customer_no, unit_no, from_no, to_no, gap_us, skipped, is_across
    from graph_moves

),

walked as (

    select
        group_no,
        customer_no,
        unit_no,
        from_no,
        to_no,
        count(*) as transitions,
        count(case when skipped > 0 then 1 end) as bridged,
        sum(skipped) as skipped,
        count(case when is_across then 1 end) as across_sessions
    from moved
    group by group_no, customer_no, unit_no, from_no, to_no

),

lived as (

    select
        group_no,
        customer_no,
        from_no,
        to_no,
        sum(transitions) as transitions,
        count(*) as units,
        sum(bridged) as bridged,
        sum(skipped) as skipped,
        sum(across_sessions) as across_sessions
    from walked
    group by group_no, customer_no, from_no, to_no

),

shared as (

    select
        group_no,
        from_no,
        to_no,
        transitions,
        units,
        bridged,
        skipped,
        across_sessions,
        sum(transitions) over (partition by group_no, customer_no, from_no) as leaving
    from lived

),

seen as (

    select group_no, customer_no, unit_no, to_no as node_no, sum(transitions) as visits
    from walked
    group by group_no, customer_no, unit_no, to_no
    union all
    select group_no, customer_no, unit_no, from_no, transitions
    from walked
    where from_no = -1

),

visited as (

    select group_no, customer_no, node_no, sum(visits) as visits, count(*) as units
    from seen
    group by group_no, customer_no, node_no

)

select
    group_no,
    'edge' as part,
    from_no,
    to_no,
    cast(null as bigint) as gap_us,
    cast(sum(transitions) as bigint) as transitions,
    cast(sum(units) as bigint) as units,
    count(*) as customers,
    cast(sum(bridged) as bigint) as bridged,
    cast(sum(skipped) as bigint) as skipped,
    cast(sum(across_sessions) as bigint) as across_sessions,
    cast(sum(transitions * transitions) as double) as squares,
    cast(sum(transitions * leaving) as double) as products
from shared
group by group_no, from_no, to_no
union all
select
    group_no,
    'node',
    cast(null as integer),
    node_no,
    cast(null as bigint),
    cast(sum(visits) as bigint),
    cast(sum(units) as bigint),
    count(*),
    cast(null as bigint),
    cast(null as bigint),
    cast(null as bigint),
    cast(sum(visits * visits) as double),
    cast(null as double)
from visited
group by group_no, node_no
union all
select
    group_no,
    'time',
    from_no,
    to_no,
    gap_us,
    count(*),
    cast(null as bigint),
    cast(null as bigint),
    cast(null as bigint),
    cast(null as bigint),
    cast(null as bigint),
    cast(null as double),
    cast(null as double)
from moved
where gap_us is not null and skipped = 0
group by group_no, from_no, to_no, gap_us
