-- One row per cohort and number of periods since, as far as they were observed: who returned.
--
-- grain:    cohort_no, periods_since
-- columns:
--   cohort_no      integer  period of the start
--   may_predate    boolean  whether its customers may be older than the log; never for recurring cohorts
--   periods_since  integer  periods since, 0 is the cohort's own
--   is_partial     boolean  whether that period is not over
--   customers      bigint   customers of the cohort
--   active         bigint   of them, those who returned in that period; all of them in the cohort's own
--   active_later   bigint   of them, those who returned in that period or any later one
with

bounded as (

    select
        min(case when is_last then period_no end) as last_no,
        max(case when not is_settled then period_no end) as unsettled_no
    from retention_quarters

),

sized as (

    select cohort_no, count(*) as customers
    from retention_cohorts
    group by cohort_no

),

spread as (

    select
        cast(asked.first_no + own.place as integer) as cohort_no,
        cast(since.place as integer) as periods_since,
        asked.first_no + own.place + since.place >= bounded.last_no as is_partial,
        not asked.is_recurring and coalesce(asked.first_no + own.place <= bounded.unsettled_no, false) as may_predate
    from asked_retention as asked
    cross join bounded
    cross join (select unnest(range(1000)) as place) as own
    cross join (select unnest(range(1000)) as place) as since
    where own.place + since.place < asked.periods and asked.first_no + own.place + since.place <= bounded.last_no

),

returned as (

    select
        cohort.cohort_no,
        cohort.customer_no,
        activity.period_no - cohort.cohort_no as periods_since
    from retention_cohorts as cohort
    inner join retention_activity as activity
        on activity.customer_no = cohort.customer_no and activity.period_no > cohort.cohort_no
    where activity.has_return

),

met as (

    select cohort_no, periods_since, count(*) as customers
    from returned
    group by cohort_no, periods_since

),

ended as (

    select cohort_no, last_since, count(*) as customers
    from (
        select cohort_no, customer_no, max(periods_since) as last_since
        from returned
        group by cohort_no, customer_no
    ) as lasting
    group by cohort_no, last_since

)

select
    spread.cohort_no,
    spread.may_predate,
    spread.periods_since,
    spread.is_partial,
    coalesce(sized.customers, 0) as customers,
    case when spread.periods_since = 0 then coalesce(sized.customers, 0) else coalesce(met.customers, 0) end as active,
    cast(
        case
            when spread.periods_since = 0 then coalesce(sized.customers, 0)
            else coalesce(
                (
                    select sum(ended.customers)
                    from ended
                    where ended.cohort_no = spread.cohort_no and ended.last_since >= spread.periods_since
                ),
                0
            )
        end as bigint
    ) as active_later
from spread
left join sized on sized.cohort_no = spread.cohort_no
left join met on met.cohort_no = spread.cohort_no and met.periods_since = spread.periods_since
