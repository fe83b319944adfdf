-- One row per touchpoint and range of customers: events, visits and visitors, which add up.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   events         bigint   events
--   visits         bigint   events that do not follow upon another at the same touchpoint in the same session
--   visitors       bigint   customers with at least one
with

lived as (

    select
        event.touchpoint_no,
        event.customer_no,
        count(*) as events,
        count(
            case
                when event.previous_touchpoint_no is distinct from event.touchpoint_no
                    or event.gap_us > setting.session_gap_us
                    then 1
            end
        ) as visits
    from ordered_events as event
    cross join cfg_settings as setting
    cross join as_of
    where event.occurred_us <= as_of.as_of_us
    group by event.touchpoint_no, event.customer_no

)

select
    touchpoint_no,
    cast(sum(events) as bigint) as events,
    cast(sum(visits) as bigint) as visits,
    count(*) as visitors
from lived
group by touchpoint_no
