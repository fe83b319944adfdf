-- One row per customer and reporting period in which the customer has an event, be it one that was sent.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    customer_no, period_no
-- columns:
--   customer_no  integer  customer
--   period_no    integer  reporting period
--   first_us     bigint   first event in it, UTC microseconds
--   last_us      bigint   last event in it, UTC microseconds
select
    event.customer_no,
    quarter.period_no,
    min(event.occurred_us) as first_us,
    max(event.occurred_us) as last_us
from ordered_events as event
inner join local_quarters as quarter
    on quarter.quarter_hour = cast(floor(event.occurred_us / 900000000) as bigint)
cross join as_of
where event.occurred_us <= as_of.as_of_us
group by event.customer_no, quarter.period_no
