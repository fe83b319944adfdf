-- One row per session, in numbers: what the view sessions shows with names.
--
-- ranges:   customer_no
-- grain:    customer_no, session_no
-- columns:
--   customer_no          integer  customer
--   session_no           integer  number among the customer's sessions, from 1
--   started_us           bigint   first event, UTC microseconds
--   ended_us             bigint   last event that is not passive, UTC microseconds
--   split_no             integer  why it began, as in ordered_events
--   events               bigint   how many events it holds
--   active_events        bigint   of them, those that are not passive
--   first_touchpoint_no  integer  where it begins
--   last_touchpoint_no   integer  touchpoint of the last event that is not passive
--   channel_no           integer  channel of its first event
select
    event.customer_no,
    event.session_no,
    min(event.occurred_us) as started_us,
    max(case when passive.touchpoint_no is null then event.occurred_us end) as ended_us,
    max(event.split_no) as split_no,
    count(*) as events,
    count(*) - count(passive.touchpoint_no) as active_events,
    cast(
        min(cast(event.position as bigint) * 2147483648 + event.touchpoint_no) % 2147483648 as integer
    ) as first_touchpoint_no,
    cast(
        max(
            case
                when passive.touchpoint_no is null
                    then cast(event.position as bigint) * 2147483648 + event.touchpoint_no
            end
        ) % 2147483648 as integer
    ) as last_touchpoint_no,
    cast(min(cast(event.position as bigint) * 2147483648 + event.channel_no) % 2147483648 as integer) as channel_no
from ordered_events as event
left join passive_touchpoints as passive on passive.touchpoint_no = event.touchpoint_no
where event.session_no is not null
group by event.customer_no, event.session_no
