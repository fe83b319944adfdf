-- One row per order and currency: when, whose, and for how much.
--
-- An order is an event at a touchpoint that counts as one; where none is declared, an event that carries
-- an order id and money above 0. Rows of one order id are one order: they repeat it, so the first counts,
-- or they are its lines, which add up, as [kpi] order_rows says. An event without an id is an order.
-- Money below 0 is never one: see refunds.
--
-- grain:    event_no
-- columns:
--   event_no       bigint         first event of the order
--   order_id       varchar        order; NULL: the export has none
--   customer_no    integer        customer; NULL: unidentified
--   occurred_us    bigint         when it was made, UTC microseconds
--   period_no      integer        reporting period
--   touchpoint_no  integer        where
--   currency       varchar        currency; (no currency) where the export has none
--   value          decimal(38,2)  money; NULL: the export says none
--   records        bigint         records that the exports have of it
--   is_told_twice  boolean        whether they name different money, so that they may be lines of an order
with

declared as (

    select count(*) > 0 as is_declared
    from cfg_kpi_roles
    where role = 'orders'

),

met as (

    select
        event.event_no,
        event.order_id,
        coalesce(event.order_id, '#' || event.event_no) as order_key,
        event.customer_no,
        event.occurred_us,
        event.sequence,
        event.period_no,
        event.touchpoint_no,
        event.currency,
        event.value
    from kpi_events as event
    cross join declared
    left join kpi_roles as ordering on ordering.role = 'orders' and ordering.touchpoint_no = event.touchpoint_no
    left join kpi_roles as refunding on refunding.role = 'refunds' and refunding.touchpoint_no = event.touchpoint_no
    where
        case
            when declared.is_declared then ordering.touchpoint_no is not null and coalesce(event.value, 0) >= 0
            else refunding.touchpoint_no is null and event.order_id is not null and event.value > 0
        end

),

placed as (

    select
        event_no,
        order_id,
        order_key,
        customer_no,
        occurred_us,
        period_no,
        touchpoint_no,
        currency,
        value,
        row_number() over (
            partition by order_key
            order by case when value is null then 1 else 0 end, occurred_us, sequence, value, touchpoint_no, event_no
        ) as place,
        count(*) over (partition by order_key) as records,
        min(value) over (partition by order_key) < max(value) over (partition by order_key) as is_told_twice
    from met

),

summed as (

    select
        placed.order_key,
        min(placed.place) as place,
        sum(placed.value) as value
    from placed
    cross join cfg_kpi as kpi
    where kpi.order_rows = 'line' or placed.place = 1
    group by placed.order_key, placed.currency

)

select
    placed.event_no,
    placed.order_id,
    placed.customer_no,
    placed.occurred_us,
    placed.period_no,
    placed.touchpoint_no,
    placed.currency,
    cast(summed.value as decimal(38, 2)) as value,
    placed.records,
    coalesce(placed.is_told_twice, false) as is_told_twice
from summed
inner join placed on placed.order_key = summed.order_key and placed.place = summed.place
