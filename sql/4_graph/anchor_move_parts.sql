-- One row per move near an anchor, class of journeys and range of customers: the counts that add up.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, anchor_no, class_no, step_no, from_no, to_no
-- columns:
--   map_no     integer  map
--   anchor_no  integer  anchor
--   class_no   bigint   class of journeys
--   step_no    integer  step that is left
--   from_no    integer  node that is left
--   to_no      integer  node that is entered
--   journeys   bigint   journeys that make it
--   customers  bigint   of them, those that are the first of their customer
select
    move.map_no,
    move.anchor_no,
    class.class_no,
    move.step_no,
    move.from_no,
    move.to_no,
    count(*) as journeys,
    count(case when class.is_first then 1 end) as customers
from anchor_moves as move
inner join journey_classes as class
    on class.map_no = move.map_no
    and class.customer_no = move.customer_no
    and class.journey_no = move.journey_no
group by move.map_no, move.anchor_no, class.class_no, move.step_no, move.from_no, move.to_no
