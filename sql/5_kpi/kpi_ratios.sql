-- One row per ratio of sums of the KPIs that gets an interval: the sums over customers that it is made of.
--
-- kind:     view
-- grain:    figure, item
-- columns:
--   figure               varchar  which ratio
--   item                 varchar  of what: map, stage, period or currency
--   units                bigint   customers
--   numerator            double   sum over them
--   denominator          double   sum over them
--   numerator_squared    double   sum of squares
--   product              double   sum of numerator times denominator
--   denominator_squared  double   sum of squares
select
    'order value' as figure,
    coalesce(cast(period_no as varchar), 'all') || '/' || currency as item,
    units,
    cast(revenue as double) as numerator,
    cast(valued_orders as double) as denominator,
    revenue_squared as numerator_squared,
    product,
    orders_squared as denominator_squared
from order_sums
where valued_orders > 0
union all
select
    kind,
    coalesce(cast(period_no as varchar), 'all'),
    active,
    cast(contacts as double),
    cast(active as double),
    squared,
    cast(contacts as double),
    cast(active as double)
from contact_sums
where active > 0
union all
select
    kind || ' repeated',
    coalesce(cast(period_no as varchar), 'all'),
    customers,
    cast(repeated as double),
    cast(mature as double),
    repeated_squared,
    product,
    mature_squared
from contact_sums
where mature > 0
union all
select
    'stage support',
    map_no || '/' || stage_no,
    customers,
    cast(contacts as double),
    exposure_days,
    contacts_squared,
    product,
    days_squared
from stage_contact_sums
where stage_no > 0 and exposure_days > 0
