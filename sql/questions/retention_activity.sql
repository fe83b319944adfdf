-- One row per customer and period with a start or a return.
--
-- grain:    customer_no, period_no
-- columns:
--   customer_no  integer  customer
--   period_no    integer  period
--   has_start    boolean  whether something that starts a cohort happened
--   has_return   boolean  whether something that is a return happened
with

met as (

    select
        event.customer_no,
        quarter.period_no,
        bool_or(asked.starts_at_any or starting.touchpoint_no is not null) as has_start,
        bool_or(asked.returns_at_any or coming.touchpoint_no is not null) as has_return
    from ordered_events as event
    inner join retention_quarters as quarter
        on quarter.quarter_hour = cast(floor(event.occurred_us / 900000000) as bigint)
    left join asked_retention_touchpoints as starting
        on starting.role = 'start' and starting.touchpoint_no = event.touchpoint_no
    left join asked_retention_touchpoints as coming
        on coming.role = 'return' and coming.touchpoint_no = event.touchpoint_no
    cross join asked_retention as asked
    cross join as_of
    where event.occurred_us <= as_of.as_of_us
    group by event.customer_no, quarter.period_no

)

select customer_no, period_no, has_start, has_return
from met
where has_start or has_return
