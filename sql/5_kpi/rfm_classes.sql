-- One row per RFM class and recency class that customers are in.
--
-- grain:    class, recency_class
-- columns:
--   class                varchar  prospect, VIP, loyal, frequent or sporadic
--   recency_class        varchar  active, inactive, lost, never bought or before the log
--   customers            bigint   customers
--   customer_share       double   of all customers, the share in it
--   customer_lo          double   lower end of its 95 % Wilson interval
--   customer_hi          double   upper end of its 95 % Wilson interval
--   orders               bigint   their orders
--   mean_frequency       double   mean days with an order within rfm_days
--   median_recency_days  double   median days since the last order; NULL: none ordered
with

summed as (

    select
        class,
        recency_class,
        count(*) as customers,
        cast(sum(orders) as bigint) as orders,
        sum(frequency) / cast(count(*) as double) as mean_frequency,
        median(cast(recency_days as double)) as median_recency_days,
        cast(sum(count(*)) over () as bigint) as everybody
    from rfm
    group by class, recency_class

)

select
    summed.class,
    summed.recency_class,
    summed.customers,
    shared.rate as customer_share,
    shared.lo as customer_lo,
    shared.hi as customer_hi,
    summed.orders,
    summed.mean_frequency,
    summed.median_recency_days
from summed
left join kpi_share_intervals as shared
    on shared.successes = summed.customers and shared.trials = summed.everybody
