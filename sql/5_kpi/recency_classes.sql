-- One row per kind of silence and recency class: how many customers are active, inactive or lost.
--
-- order: buyers by the days since their last order, by the local calendar; besides those who never bought,
-- and those of whom only a refund is known, who bought before the log. activity: customers by the full days
-- since their last event. Both are counted up to the as-of moment.
--
-- grain:    basis, class
-- columns:
--   basis           varchar  order or activity
--   class           varchar  active, inactive, lost; by orders also never bought and before the log
--   from_days       integer  days of silence from which on a customer is in it; NULL: no last order
--   customers       bigint   customers in it
--   of_customers    bigint   active, inactive, lost by orders: customers with an order; the others: all customers
--   customer_share  double   customers / of_customers
--   customer_lo     double   lower end of its 95 % Wilson interval
--   customer_hi     double   upper end of its 95 % Wilson interval
select
    counted.basis,
    counted.class,
    case counted.class
        when 'active' then 0
        when 'inactive' then horizon.inactive_after_days
        when 'lost' then horizon.lost_after_days
    end as from_days,
    counted.customers,
    counted.of_customers,
    shared.rate as customer_share,
    shared.lo as customer_lo,
    shared.hi as customer_hi
from recency_counts as counted
inner join return_horizons as horizon on horizon.basis = counted.basis
left join kpi_share_intervals as shared
    on shared.successes = counted.customers and shared.trials = counted.of_customers
order by counted.basis desc, from_days nulls last, counted.class
