-- One row per session that hardly any person has: longer than 12 hours, or of more than 2,500 events.
--
-- As long as Adobe Analytics lets a visit be. Events that are passive do not count.
--
-- kind:     view
-- grain:    customer_no, session_no
-- columns:
--   customer_no  integer  customer
--   session_no   integer  session of the customer
select customer_no, session_no
from session_sums
where ended_us - started_us > 43200000000 or active_events > 2500
