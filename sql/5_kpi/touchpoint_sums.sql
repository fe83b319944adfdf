-- One row per touchpoint: what is counted there, as numbers.
--
-- kind:     view
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no   integer        touchpoint
--   events          bigint         events
--   visits          bigint         visits
--   visitors        bigint         customers
--   all_customers   bigint         customers with any event
--   orders          bigint         orders made there
--   visitor_orders  bigint         orders of known customers
--   buyers          bigint         customers who made them
--   refunds         bigint         refunds given there
--   currencies      bigint         currencies of orders and refunds
--   currency        varchar        first of them
--   revenue         decimal(38,2)  money of the orders, whatever the currency
--   refunded        decimal(38,2)  money given back, whatever the currency
with

visited as (

    select
        touchpoint_no,
        cast(sum(events) as bigint) as events,
        cast(sum(visits) as bigint) as visits,
        cast(sum(visitors) as bigint) as visitors
    from touchpoint_visits
    group by touchpoint_no

),

moved as (

    select touchpoint_no, currency, 1 as is_order, customer_no, value
    from orders
    union all
    select touchpoint_no, currency, 0, customer_no, value
    from refunds

),

summed as (

    select
        touchpoint_no,
        cast(sum(is_order) as bigint) as orders,
        count(case when is_order = 1 then customer_no end) as visitor_orders,
        count(distinct case when is_order = 1 then customer_no end) as buyers,
        cast(sum(1 - is_order) as bigint) as refunds,
        count(distinct currency) as currencies,
        min(currency) as currency,
        sum(case when is_order = 1 then value end) as revenue,
        sum(case when is_order = 0 then value end) as refunded
    from moved
    group by touchpoint_no

)

select
    named.touchpoint_no,
    coalesce(visited.events, 0) as events,
    coalesce(visited.visits, 0) as visits,
    coalesce(visited.visitors, 0) as visitors,
    whole.customers as all_customers,
    coalesce(summed.orders, 0) as orders,
    coalesce(summed.visitor_orders, 0) as visitor_orders,
    coalesce(summed.buyers, 0) as buyers,
    coalesce(summed.refunds, 0) as refunds,
    coalesce(summed.currencies, 0) as currencies,
    summed.currency,
    cast(summed.revenue as decimal(38, 2)) as revenue,
    cast(summed.refunded as decimal(38, 2)) as refunded
from touchpoint_names as named
left join visited on visited.touchpoint_no = named.touchpoint_no
left join summed on summed.touchpoint_no = named.touchpoint_no
cross join (select count(*) as customers from customer_spans) as whole
