-- One row per customer and channel that the customer's events came by.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    customer_no, channel_no
-- columns:
--   customer_no  integer  customer
--   channel_no   integer  channel; 0: none
--   events       bigint   events
select event.customer_no, event.channel_no, count(*) as events
from ordered_events as event
cross join as_of
where event.occurred_us <= as_of.as_of_us
group by event.customer_no, event.channel_no
