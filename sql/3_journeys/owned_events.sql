-- One row per event of a customer, sorted by customer, so that what follows reads customers in ranges.
--
-- kind:     working
-- grain:    event_no
-- columns:
--   customer_no    integer  customer
--   event_no       bigint   number of the record: file_no * 2^40 + row_no
--   occurred_us    bigint   when it happened, UTC microseconds
--   sequence       bigint   order among equal times; NULL: the export has none
--   touchpoint_no  integer  touchpoint
--   channel_no     integer  channel; 0: none
select customer_no, event_no, occurred_us, sequence, touchpoint_no, channel_no
from resolved_events
order by customer_no
