-- One row per touchpoint and range of customers: sessions with an event there, which add up.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   sessions       bigint   sessions with an event there
with

met as (

    select event.touchpoint_no, event.customer_no, event.session_no
    from ordered_events as event
    cross join as_of
    where event.occurred_us <= as_of.as_of_us and event.session_no is not null
    group by event.touchpoint_no, event.customer_no, event.session_no

)

select touchpoint_no, count(*) as sessions
from met
group by touchpoint_no
