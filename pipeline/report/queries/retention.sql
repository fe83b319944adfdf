-- One row per cohort and number of periods since: which share of its customers was active again.
select
    told.cohort,
    told.may_predate,
    told.periods_since,
    told.is_partial,
    told.customers,
    told.active,
    told.retention_rate,
    told.retention_lo,
    told.retention_hi,
    told.rolling_rate
from cohort_retention as told
where told.customers > 0 and told.periods_since <= 12
order by case when told.cohort_no is null then 0 else 1 end, told.cohort_no, told.periods_since
