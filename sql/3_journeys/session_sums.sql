-- One row per session, in numbers: what the view sessions shows with names.
--
-- ranges:   customer_no
-- grain:    customer_no, session_no
-- columns:
--   customer_no          integer  customer
--   session_no           integer  number among the customer's sessions, from 1
--   started_us           bigint   first event, UTC microseconds
--   ended_us             bigint   last event, UTC microseconds
--   events               bigint   how many events it holds
--   first_touchpoint_no  integer  where it begins
--   last_touchpoint_no   integer  where it ends
--   channel_no           integer  channel of its first event
select
    customer_no,
    session_no,
    min(occurred_us) as started_us,
    max(occurred_us) as ended_us,
    count(*) as events,
    cast(min(cast(position as bigint) * 2147483648 + touchpoint_no) % 2147483648 as integer) as first_touchpoint_no,
    cast(max(cast(position as bigint) * 2147483648 + touchpoint_no) % 2147483648 as integer) as last_touchpoint_no,
    cast(min(cast(position as bigint) * 2147483648 + channel_no) % 2147483648 as integer) as channel_no
from ordered_events
group by customer_no, session_no
