-- One row per reporting period and currency, and per currency: orders, revenue, refunds and order value.
--
-- Money of several currencies is never added up. Refunds stand in the period in which they were given.
-- Where there is no order at all, one row says so.
--
-- grain:    period, currency
-- columns:
--   period               varchar        reporting period, or (all)
--   period_no            integer        its number in local_periods; NULL for (all)
--   is_partial           boolean        whether the data begin or end in it
--   currency             varchar        currency; (no currency) where the export has none; NULL: there is no order
--   orders               bigint         orders
--   buyers               bigint         customers who made them
--   unidentified_orders  bigint         orders of nobody known
--   valued_orders        bigint         orders that say for how much
--   revenue              decimal(38,2)  money of the orders, before refunds; NULL: there are orders, but none says
--   refunds              bigint         refunds
--   refunded             decimal(38,2)  money given back; NULL: there are refunds, but none says
--   net_revenue          decimal(38,2)  revenue - refunded
--   aov                  double         average order value: revenue / valued_orders
--   aov_lo               double         lower end of its 95 % interval, whose unit is the customer; NULL: fewer than two, or all alike
--   aov_hi               double         upper end of its 95 % interval
with

given as (

    select
        case when by_period.is_split then refund.period_no end as period_no,
        refund.currency,
        count(*) as refunds,
        sum(refund.value) as refunded
    from refunds as refund
    cross join (select true as is_split union all select false) as by_period
    group by all

),

met as (

    select distinct currency
    from (
        select currency from orders
        union all
        select currency from refunds
    ) as any_money
    union all
    select null
    where not exists (select 1 from orders) and not exists (select 1 from refunds)

),

spread as (

    select period.period_no, period.period, period.is_partial, met.currency
    from local_periods as period
    cross join met
    where period.has_event and met.currency is not null
    union all
    select null, '(all)', false, currency
    from met

),

joined as (

    select
        spread.period,
        spread.period_no,
        spread.is_partial,
        spread.currency,
        coalesce(summed.orders, 0) as orders,
        coalesce(summed.buyers, 0) as buyers,
        coalesce(summed.unidentified_orders, 0) as unidentified_orders,
        coalesce(summed.valued_orders, 0) as valued_orders,
        case when summed.orders is null and spread.currency is not null then 0 else summed.revenue end as revenue,
        coalesce(given.refunds, 0) as refunds,
        case when given.refunds is null and spread.currency is not null then 0 else given.refunded end as refunded
    from spread
    left join order_sums as summed
        on summed.period_no is not distinct from spread.period_no and summed.currency = spread.currency
    left join given
        on given.period_no is not distinct from spread.period_no and given.currency = spread.currency

)

select
    joined.period,
    joined.period_no,
    joined.is_partial,
    joined.currency,
    joined.orders,
    joined.buyers,
    joined.unidentified_orders,
    joined.valued_orders,
    cast(joined.revenue as decimal(38, 2)) as revenue,
    joined.refunds,
    cast(joined.refunded as decimal(38, 2)) as refunded,
    cast(joined.revenue - joined.refunded as decimal(38, 2)) as net_revenue,
    estimated.ratio as aov,
    estimated.lo as aov_lo,
    estimated.hi as aov_hi
from joined
left join kpi_ratio_intervals as estimated
    on estimated.figure = 'order value'
    and estimated.item = coalesce(cast(joined.period_no as varchar), 'all') || '/' || joined.currency
order by joined.period_no nulls first, joined.currency
