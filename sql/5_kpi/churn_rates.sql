-- One row per horizon: the chance that a customer has cancelled within so many days of joining.
--
-- Joining is the first touchpoint that counts as such; where none is declared, the first order, and without
-- orders the first event. Customers who have not cancelled are counted only as long as they were watched, to
-- the minute.
-- Silence is not a cancellation: see return_horizons and recency_classes. Without a cancellation
-- declared, every rate is NULL.
--
-- grain:    horizon_days
-- columns:
--   horizon_days   integer  30, 90, 180 or 365
--   customers      bigint   customers who joined; 0 where no cancellation is declared, too
--   cancelled      bigint   of them, those who cancelled, ever
--   churn_rate     double   chance to have cancelled; NULL: nobody was watched that long
--   churn_lo       double   lower end of its 95 % interval
--   churn_hi       double   upper end of its 95 % interval
--   followed_days  double   longest watch of a customer
--   median_days    double   days by which half have cancelled; NULL: fewer than half do
select
    horizon.horizon_days,
    coalesce(chance.units, 0) as customers,
    coalesce(chance.happened, 0) as cancelled,
    chance.chance as churn_rate,
    chance.lo as churn_lo,
    chance.hi as churn_hi,
    chance.followed_days,
    chance.median_days
from (
    select 30 as horizon_days
    union all
    select 90
    union all
    select 180
    union all
    select 365
) as horizon
left join kpi_chances as chance
    on chance.figure = 'cancel' and chance.horizon_days = horizon.horizon_days
order by horizon.horizon_days
