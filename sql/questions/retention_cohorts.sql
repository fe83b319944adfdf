-- One row per customer and cohort that the customer is in.
--
-- kind:     view
-- grain:    customer_no, cohort_no
-- columns:
--   customer_no  integer  customer
--   cohort_no    integer  period of the start
with

started as (

    select
        activity.customer_no,
        activity.period_no as cohort_no,
        min(activity.period_no) over (partition by activity.customer_no) as first_no
    from retention_activity as activity
    where activity.has_start

)

select started.customer_no, started.cohort_no
from started
cross join asked_retention as asked
where
    (asked.is_recurring or started.cohort_no = started.first_no)
    and started.cohort_no >= asked.first_no
    and started.cohort_no < asked.first_no + asked.periods
