-- One row per link from a step round the anchor to the next: how many units take it.
--
-- What arrives at a node by links is there, and what is there leaves by links: nothing is lost or made.
--
-- grain:    group_no, step, from_no, to_no
-- columns:
--   group_no   integer  group
--   step       integer  step that the link leaves; it arrives at the next
--   from_no    integer  node that is left; below zero virtual: -1 (start), -4 (other), -5 (more)
--   from_node  varchar  its name
--   to_no      integer  node that is entered; below zero virtual: -2 (exit), -3 (open), -4 (other), -5 (more)
--   to_node    varchar  its name
--   units      bigint   units that take it
--   customers  bigint   customers of these
--   mean_s     double   mean seconds between the two steps; NULL to and from virtual nodes but (other)
--   median_s   double   median seconds between them
with

linked as (

    select group_no, customer_no, step - 1 as step, from_no, node_no as to_no, gap_us
    from step_places
    where from_no is not null and (from_no <> -1 or node_no <> -5)
    union all
    select group_no, customer_no, step, node_no, ends_no, cast(null as bigint)
    from step_places
    where ends_no is not null and node_no <> -5

),

paired as (

    select
        linked.group_no,
        linked.customer_no,
        linked.step,
        departure.shown_no as from_no,
        arrival.shown_no as to_no,
        case when linked.from_no <> -5 and linked.to_no <> -5 then linked.gap_us end as gap_us
    from linked
    inner join step_folds as departure
        on departure.group_no = linked.group_no and departure.node_no = linked.from_no
    inner join step_folds as arrival
        on arrival.group_no = linked.group_no and arrival.node_no = linked.to_no

),

lived as (

    select
        group_no,
        step,
        from_no,
        to_no,
        customer_no,
        count(*) as units
    from paired
    group by group_no, step, from_no, to_no, customer_no

),

counted as (

    select group_no, step, from_no, to_no, cast(sum(units) as bigint) as units, count(*) as customers
    from lived
    group by group_no, step, from_no, to_no

),

timed as (

    select
        group_no,
        step,
        from_no,
        to_no,
        cast(sum(gap_us) as double) / count(*) / 1000000.0 as mean_s,
        median(cast(gap_us as double)) / 1000000.0 as median_s
    from paired
    where gap_us is not null
    group by group_no, step, from_no, to_no

),

named as (

    select group_no, step, node_no, node
    from step_nodes

)

select
    counted.group_no,
    counted.step,
    counted.from_no,
    departure.node as from_node,
    counted.to_no,
    arrival.node as to_node,
    counted.units,
    counted.customers,
    timed.mean_s,
    timed.median_s
from counted
inner join named as departure
    on departure.group_no = counted.group_no
    and departure.step = counted.step
    and departure.node_no = counted.from_no
inner join named as arrival
    on arrival.group_no = counted.group_no
    and arrival.step = counted.step + 1
    and arrival.node_no = counted.to_no
left join timed
    on timed.group_no = counted.group_no
    and timed.step = counted.step
    and timed.from_no = counted.from_no
    and timed.to_no = counted.to_no
