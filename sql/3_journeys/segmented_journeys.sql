-- One row per journey and segment, the segment of all journeys included: what figures are broken down by.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no, segment_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   segment_no   integer  segment; 0: all
--   value_no     integer  value, as in segment_values
select map_no, customer_no, journey_no, 0 as segment_no, 0 as value_no
from journey_facts
union all
select map_no, customer_no, journey_no, segment_no, value_no
from journey_segments
