-- One row per edge, view of the report and range of customers: the counts that add up to segment_moves.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, segment_no, shown_no, among_no, from_no, to_no
-- columns:
--   map_no             integer  map
--   level_no           integer  level
--   segment_no         integer  segment; 0: all
--   shown_no           integer  value that is shown
--   among_no           integer  0 all journeys, 1 converted, 2 dropped, 3 open
--   from_no            integer  node that is left
--   to_no              integer  node that is entered
--   transitions        bigint   moves
--   leaving_journeys   bigint   journeys that leave the node by it the first time that they leave it
--   leaving_customers  bigint   of them, those that are the first of their customer
--   example            bigint   one of these journeys: customer_no * 2^32 + journey_no; NULL: there is none
with

moved as (

    select
        move.map_no,
        move.level_no,
        move.customer_no,
        move.journey_no,
        class.class_no,
        class.is_first,
        move.move_no,
        departure.drawn_no as from_no,
        arrival.drawn_no as to_no
    from journey_moves as move
    inner join drawn_nodes as departure
        on departure.map_no = move.map_no
        and departure.level_no = move.level_no
        and departure.node_no = move.from_no
    inner join drawn_nodes as arrival
        on arrival.map_no = move.map_no
        and arrival.level_no = move.level_no
        and arrival.node_no = move.to_no
    inner join journey_classes as class
        on class.map_no = move.map_no
        and class.customer_no = move.customer_no
        and class.journey_no = move.journey_no

),

counted as (

    select map_no, level_no, class_no, from_no, to_no, count(*) as transitions
    from moved
    group by map_no, level_no, class_no, from_no, to_no

),

departed as (

    select
        map_no,
        level_no,
        customer_no,
        journey_no,
        class_no,
        is_first,
        from_no,
        min(cast(move_no as bigint) * 4294967296 + to_no + 8) % 4294967296 - 8 as to_no
    from moved
    where from_no <> to_no
    group by map_no, level_no, customer_no, journey_no, class_no, is_first, from_no

),

left_once as (

    select
        map_no,
        level_no,
        class_no,
        from_no,
        to_no,
        count(*) as leaving_journeys,
        count(case when is_first then 1 end) as leaving_customers,
        min(cast(customer_no as bigint) * 4294967296 + journey_no) as example
    from departed
    group by map_no, level_no, class_no, from_no, to_no

)

select
    counted.map_no,
    counted.level_no,
    class.segment_no,
    class.shown_no,
    class.among_no,
    counted.from_no,
    counted.to_no,
    cast(sum(counted.transitions) as bigint) as transitions,
    cast(coalesce(sum(left_once.leaving_journeys), 0) as bigint) as leaving_journeys,
    cast(coalesce(sum(left_once.leaving_customers), 0) as bigint) as leaving_customers,
    min(left_once.example) as example
from counted
inner join class_values as class on class.class_no = counted.class_no
left join left_once
    on left_once.map_no = counted.map_no
    and left_once.level_no = counted.level_no
    and left_once.class_no = counted.class_no
    and left_once.from_no = counted.from_no
    and left_once.to_no = counted.to_no
group by
    counted.map_no, counted.level_no, class.segment_no, class.shown_no, class.among_no, counted.from_no, counted.to_no
