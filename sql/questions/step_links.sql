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

paired as (

    select
        place.group_no,
        place.customer_no,
        place.unit_no,
        place.step,
        fold.shown_no as from_no,
        lead(fold.shown_no) over walk as to_no,
        lead(place.gap_us) over walk as gap_us
    from step_places as place
    inner join step_folds as fold on fold.group_no = place.group_no and fold.node_no = place.node_no
    window walk as (partition by place.group_no, place.customer_no, place.unit_no order by place.step)

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
    where (from_no >= 0 or from_no = -4 or to_no >= 0 or to_no = -4) and to_no is not null
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
    where gap_us is not null and (from_no >= 0 or from_no = -4) and (to_no >= 0 or to_no = -4)
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
