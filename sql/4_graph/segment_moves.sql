-- One row per edge, and view of the report: journeys with a value of a segment and an outcome.
--
-- grain:    map_no, level_no, segment_no, shown_no, among_no, from_no, to_no
-- columns:
--   map_no             integer  map
--   level_no           integer  level
--   segment_no         integer  segment; 0: all
--   shown_no           integer  value that is shown
--   among_no           integer  0 all journeys, 1 converted, 2 dropped, 3 open
--   from_no            integer  node that is left; -4: (other)
--   to_no              integer  node that is entered; -4: (other)
--   transitions        bigint   moves
--   leaving_journeys   bigint   journeys that leave the node by it the first time that they leave it
--   leaving_customers  bigint   of them, those that are the first of their customer
--   example            bigint   one of these journeys: customer_no * 2^32 + journey_no; NULL: there is none
select
    map_no,
    level_no,
    segment_no,
    shown_no,
    among_no,
    from_no,
    to_no,
    cast(sum(transitions) as bigint) as transitions,
    cast(sum(leaving_journeys) as bigint) as leaving_journeys,
    cast(sum(leaving_customers) as bigint) as leaving_customers,
    min(example) as example
from segment_move_parts
group by map_no, level_no, segment_no, shown_no, among_no, from_no, to_no
order by map_no, level_no, segment_no, shown_no, among_no, from_no, to_no
