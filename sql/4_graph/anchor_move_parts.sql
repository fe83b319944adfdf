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
    map_no,
    anchor_no,
    class_no,
    step_no,
    from_no,
    to_no,
    count(*) as journeys,
    count(case when is_first then 1 end) as customers
from anchor_moves
group by map_no, anchor_no, class_no, step_no, from_no, to_no
