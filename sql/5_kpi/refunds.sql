-- One row per refund: an event at a touchpoint that counts as one, or an order's event with money below 0.
--
-- Where the records of an order id are its lines, those of the same moment are one refund.
--
-- kind:     view
-- grain:    event_no
-- columns:
--   event_no       bigint         the event
--   order_id       varchar        order; NULL: the export has none
--   customer_no    integer        customer; NULL: unidentified
--   occurred_us    bigint         when, UTC microseconds
--   period_no      integer        reporting period
--   touchpoint_no  integer        where
--   currency       varchar        currency; (no currency) where the export has none
--   value          decimal(38,2)  money given back, 0 or more; NULL: the export says none
with

met as (

    select
        event.event_no,
        event.order_id,
        event.customer_no,
        event.occurred_us,
        event.period_no,
        event.touchpoint_no,
        event.currency,
        abs(event.value) as value,
        case when kpi.order_rows = 'order' or event.order_id is null then event.event_no end as alone_no
    from kpi_events as event
    cross join cfg_kpi as kpi
    left join kpi_roles as role on role.role = 'refunds' and role.touchpoint_no = event.touchpoint_no
    left join kpi_roles as ordering on ordering.role = 'orders' and ordering.touchpoint_no = event.touchpoint_no
    where
        role.touchpoint_no is not null
        or (event.value < 0 and (event.order_id is not null or ordering.touchpoint_no is not null))

)

select
    min(event_no) as event_no,
    order_id,
    customer_no,
    occurred_us,
    period_no,
    touchpoint_no,
    currency,
    cast(sum(value) as decimal(38, 2)) as value
from met
group by alone_no, order_id, customer_no, occurred_us, period_no, touchpoint_no, currency
