-- One row per dimension: how mixed channels and devices are, and how many customers use several.
--
-- The entropy is 0 where all events have one value, and log2 of the number of values where all are
-- equally frequent. How far devices of one person are known to be so depends on identity.
--
-- grain:    dimension
-- columns:
--   dimension       varchar  channel or device
--   values          bigint   different values
--   events          bigint   events with a value
--   without         bigint   events of customers without one
--   entropy         double   entropy of the values' shares of the events, bits; NULL: no event has one
--   evenness        double   entropy / its highest; NULL: fewer than two values
--   customers       bigint   customers with a value
--   many_customers  bigint   of them, those with two values or more: multi-channel, or cross-device
--   many_share      double   many_customers / customers
--   many_lo         double   lower end of its 95 % Wilson interval
--   many_hi         double   upper end of its 95 % Wilson interval
with

summed as (

    select
        dimension,
        count(value) as values,
        max(all_events) as events,
        round(
            sum(
                case
                    when value is not null
                        then -events / cast(all_events as double) * ln(events / cast(all_events as double)) / ln(2)
                end
            ),
            12
        ) as entropy,
        max(all_customers) as customers,
        max(many_customers) as many_customers
    from mix_counts
    group by dimension

),

lived as (

    select sum(events) as events
    from customer_channels

)

select
    asked.dimension,
    coalesce(summed.values, 0) as values,
    coalesce(summed.events, 0) as events,
    cast(coalesce(lived.events, 0) - coalesce(summed.events, 0) as bigint) as without,
    summed.entropy,
    case when summed.values > 1 then round(summed.entropy * ln(2) / ln(summed.values), 12) end as evenness,
    coalesce(summed.customers, 0) as customers,
    coalesce(summed.many_customers, 0) as many_customers,
    shared.rate as many_share,
    shared.lo as many_lo,
    shared.hi as many_hi
from (select 'channel' as dimension union all select 'device') as asked
left join summed on summed.dimension = asked.dimension
left join kpi_share_intervals as shared
    on shared.successes = summed.many_customers and shared.trials = summed.customers
cross join lived
order by asked.dimension
