-- One row per reporting period and currency, and per currency: orders, money and their sums of squares.
--
-- An order of nobody known stands for a customer of its own.
--
-- kind:     working
-- grain:    period_no, currency
-- columns:
--   period_no            integer        reporting period; NULL: all
--   currency             varchar        currency
--   orders               bigint         orders
--   buyers               bigint         customers who made them, unidentified orders left out
--   unidentified_orders  bigint         orders of nobody known
--   units                bigint         customers, and orders of nobody known, with money
--   valued_orders        bigint         orders that say for how much
--   revenue              decimal(38,2)  their money; NULL: none says
--   revenue_squared      double         sum over customers of their squared money
--   product              double         sum over customers of money times orders
--   orders_squared       double         sum over customers of squared orders
with

lived as (

    select
        case when by_period.is_split then made.period_no end as period_no,
        made.currency,
        made.customer_no,
        case when made.customer_no is null then made.event_no end as alone_no,
        count(*) as orders,
        count(made.value) as valued_orders,
        cast(sum(made.value) as decimal(38, 2)) as revenue
    from orders as made
    cross join (select true as is_split union all select false) as by_period
    group by all

),

-- Where money is as large as no decimals can hold its squares, they are summed as parts of the largest.
scaled as (

    select
        period_no,
        currency,
        customer_no,
        alone_no,
        orders,
        valued_orders,
        revenue,
        cast(case when most <= 1000000000 then revenue end as decimal(19, 2)) as plain,
        cast(case when most > 1000000000 then most end as double) as most
    from (
        select *, max(abs(revenue)) over (partition by currency) as most
        from lived
    ) as measured

)

select
    period_no,
    currency,
    cast(sum(orders) as bigint) as orders,
    count(customer_no) as buyers,
    count(alone_no) as unidentified_orders,
    count(revenue) as units,
    cast(sum(valued_orders) as bigint) as valued_orders,
    cast(sum(revenue) as decimal(38, 2)) as revenue,
    coalesce(
        cast(sum(plain * plain) as double),
        cast(sum(cast(revenue / most * (revenue / most) as decimal(38, 18))) as double) * max(most * most)
    ) as revenue_squared,
    coalesce(
        cast(sum(plain * valued_orders) as double),
        cast(sum(cast(revenue / most * valued_orders as decimal(38, 18))) as double) * max(most)
    ) as product,
    cast(sum(valued_orders * valued_orders) as double) as orders_squared
from scaled
group by period_no, currency
