-- One row per channel, and per device: its share of events and of customers.
--
-- A customer may have several, so shares of customers add up to more than 1.
--
-- grain:    dimension, value
-- columns:
--   dimension       varchar  channel or device
--   value           varchar  its name
--   events          bigint   events with it
--   event_share     double   events / events with any value
--   customers       bigint   customers with at least one of them
--   customer_share  double   customers / customers with any value
--   customer_lo     double   lower end of its 95 % Wilson interval
--   customer_hi     double   upper end of its 95 % Wilson interval
select
    counted.dimension,
    counted.value,
    counted.events,
    counted.events / cast(counted.all_events as double) as event_share,
    counted.customers,
    shared.rate as customer_share,
    shared.lo as customer_lo,
    shared.hi as customer_hi
from mix_counts as counted
left join kpi_share_intervals as shared
    on shared.successes = counted.customers and shared.trials = counted.all_customers
where counted.value is not null
order by counted.dimension, counted.events desc, counted.value
