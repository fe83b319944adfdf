-- One row per cohort and number of periods since, and of all cohorts together: who came back.
--
-- A cohort is the customers who were first active in the same reporting period. (all) adds up, for each
-- number of periods since, the cohorts that were watched so long and are no older than the log. A rate
-- of a period that is not over is NULL: who has not come back may still do so.
--
-- grain:    cohort, periods_since
-- columns:
--   cohort          varchar  reporting period, or (all)
--   cohort_no       integer  its number in local_periods; NULL for (all)
--   may_predate     boolean  whether its customers may be older than the log, and only seem new
--   periods_since   integer  periods since, 0 is the cohort's own
--   is_partial      boolean  whether that period is not over
--   customers       bigint   customers of the cohort
--   active          bigint   of them, those active in that period
--   active_later    bigint   of them, those active in that period or any later one
--   retention_rate  double   N-day retention: active / customers
--   retention_lo    double   lower end of its 95 % Wilson interval
--   retention_hi    double   upper end of its 95 % Wilson interval
--   rolling_rate    double   rolling, or unbounded, retention: active_later / customers
--   rolling_lo      double   lower end of its 95 % Wilson interval
--   rolling_hi      double   upper end of its 95 % Wilson interval
select
    coalesce(period.period, '(all)') as cohort,
    counted.cohort_no,
    counted.may_predate,
    counted.periods_since,
    counted.is_partial,
    counted.customers,
    counted.active,
    counted.active_later,
    n_day.rate as retention_rate,
    n_day.lo as retention_lo,
    n_day.hi as retention_hi,
    rolling.rate as rolling_rate,
    rolling.lo as rolling_lo,
    rolling.hi as rolling_hi
from cohort_counts as counted
left join local_periods as period on period.period_no = counted.cohort_no
left join kpi_share_intervals as n_day
    on not counted.is_partial and n_day.successes = counted.active and n_day.trials = counted.customers
left join kpi_share_intervals as rolling
    on not counted.is_partial and rolling.successes = counted.active_later and rolling.trials = counted.customers
order by counted.cohort_no nulls first, counted.periods_since
