-- One row per kind of silence and recency class: its customers.
--
-- kind:     view
-- grain:    basis, class
-- columns:
--   basis         varchar  order or activity
--   class         varchar  active, inactive, lost, before the log or never bought
--   customers     bigint   customers in it
--   of_customers  bigint   of how many
with

told as (

    select 'order' as basis, recency_class as class
    from rfm
    union all
    select
        'activity',
        case
            when as_of.as_of_us - span.last_us >= horizon.lost_after_days * 86400000000 then 'lost'
            when as_of.as_of_us - span.last_us >= horizon.inactive_after_days * 86400000000 then 'inactive'
            else 'active'
        end
    from customer_spans as span
    cross join as_of
    inner join return_horizons as horizon on horizon.basis = 'activity'

),

classes as (

    select 'order' as basis, 'active' as class
    union all
    select 'order', 'inactive'
    union all
    select 'order', 'lost'
    union all
    select 'order', 'before the log'
    union all
    select 'order', 'never bought'
    union all
    select 'activity', 'active'
    union all
    select 'activity', 'inactive'
    union all
    select 'activity', 'lost'

),

counted as (

    select classes.basis, classes.class, count(told.class) as customers
    from classes
    left join told on told.basis = classes.basis and told.class = classes.class
    group by classes.basis, classes.class

)

select
    basis,
    class,
    customers,
    cast(
        case
            when class in ('before the log', 'never bought') then sum(customers) over (partition by basis)
            else sum(case when class in ('active', 'inactive', 'lost') then customers end) over (partition by basis)
        end as bigint
    ) as of_customers
from counted
