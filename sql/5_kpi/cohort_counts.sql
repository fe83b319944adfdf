-- One row per cohort and number of periods since: how many of its customers were active then, or later.
--
-- A cohort is the customers who were first active in the same reporting period. At most 60 periods
-- since are looked at. Cohort NULL adds up those that were watched so long and are no older than the log.
--
-- kind:     working
-- grain:    cohort_no, periods_since
-- columns:
--   cohort_no      integer  reporting period; NULL: all cohorts
--   periods_since  integer  periods since, 0 is the cohort's own
--   customers      bigint   customers of the cohort
--   active         bigint   of them, those who were active in that period
--   active_later   bigint   of them, those who were active in that period or any later one
--   is_partial     boolean  whether that period is not over: who is not active may still become so
--   may_predate    boolean  whether the cohort's customers may be older than the log
with

ended as (

    select
        first_period_no as cohort_no,
        last_period_no - first_period_no as periods_since,
        count(*) as customers
    from customer_spans
    group by first_period_no, last_period_no - first_period_no

),

sized as (

    select cohort_no, sum(customers) as customers
    from ended
    group by cohort_no

),

spread as (

    select
        sized.cohort_no,
        sized.customers,
        cast(since.periods_since as integer) as periods_since,
        sized.cohort_no + since.periods_since >= ending.period_no as is_partial,
        own.may_predate
    from sized
    inner join local_periods as own on own.period_no = sized.cohort_no
    cross join (select period_no from local_periods where is_last) as ending
    cross join (select unnest(range(61)) as periods_since) as since
    where sized.cohort_no + since.periods_since <= ending.period_no

),

met as (

    select
        span.first_period_no as cohort_no,
        active.period_no - span.first_period_no as periods_since,
        count(*) as active
    from active_periods as active
    inner join customer_spans as span on span.customer_no = active.customer_no
    group by span.first_period_no, active.period_no - span.first_period_no

),

counted as (

    select
        spread.cohort_no,
        spread.periods_since,
        cast(spread.customers as bigint) as customers,
        coalesce(met.active, 0) as active,
        cast(
            spread.customers - coalesce(
                sum(ended.customers) over (
                    partition by spread.cohort_no
                    order by spread.periods_since
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as bigint
        ) as active_later,
        spread.is_partial,
        spread.may_predate
    from spread
    left join met on met.cohort_no = spread.cohort_no and met.periods_since = spread.periods_since
    left join ended on ended.cohort_no = spread.cohort_no and ended.periods_since = spread.periods_since

)

select cohort_no, periods_since, customers, active, active_later, is_partial, may_predate
from counted
union all
select
    null,
    periods_since,
    cast(sum(customers) as bigint),
    cast(sum(active) as bigint),
    cast(sum(active_later) as bigint),
    false,
    false
from counted
where not is_partial and not may_predate
group by periods_since
