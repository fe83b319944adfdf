-- One row per customer: the first and the last sign of life up to the as-of moment.
--
-- kind:     working
-- grain:    customer_no
-- columns:
--   customer_no      integer  customer
--   first_us         bigint   first event, UTC microseconds
--   last_us          bigint   last event, UTC microseconds
--   first_period_no  integer  reporting period of the first
--   last_period_no   integer  reporting period of the last
select
    customer_no,
    min(first_us) as first_us,
    max(last_us) as last_us,
    min(period_no) as first_period_no,
    max(period_no) as last_period_no
from active_periods
group by customer_no
