-- One row per journey behind a path pattern.
--
-- kind:     view
-- grain:    group_no, customer_no, unit_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   unit_no      integer  journey_no
--   times        bigint   matches
--   first_us     bigint   when the first match begins, UTC microseconds
--   last_us      bigint   when the first match ends, UTC microseconds
--   status       varchar  outcome of the journey
select group_no, map_no, customer_no, journey_no as unit_no, matches as times, first_us, last_us, status
from pattern_matches
