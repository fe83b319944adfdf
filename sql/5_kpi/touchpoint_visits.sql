-- One row per touchpoint and range of customers: events, visits and visitors, which add up.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   events         bigint   events until the as-of moment
--   visits         bigint   of them, those that do not follow upon another at the same touchpoint in the same session
--   visitors       bigint   customers with at least one
--   all_events     bigint   events, those after the as-of moment included
--   customers      bigint   customers with at least one
--   first_us       bigint   first of them, UTC microseconds
--   last_us        bigint   last of them
with

lived as (

    select
        event.touchpoint_no,
        event.customer_no,
        count(case when event.occurred_us <= as_of.as_of_us then 1 end) as events,
        count(
            case
                when event.occurred_us <= as_of.as_of_us
                    and (
                        event.previous_touchpoint_no is distinct from event.touchpoint_no
                        or event.split_no is not null
                        or event.session_no is null
                    )
                    then 1
            end
        ) as visits,
        count(*) as all_events,
        min(event.occurred_us) as first_us,
        max(event.occurred_us) as last_us
    from ordered_events as event
    cross join as_of
    group by event.touchpoint_no, event.customer_no

)

select
    touchpoint_no,
    cast(sum(events) as bigint) as events,
    cast(sum(visits) as bigint) as visits,
    count(case when events > 0 then 1 end) as visitors,
    cast(sum(all_events) as bigint) as all_events,
    count(*) as customers,
    min(first_us) as first_us,
    max(last_us) as last_us
from lived
group by touchpoint_no
