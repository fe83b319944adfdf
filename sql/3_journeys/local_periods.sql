-- One row per reporting period in which something happened, or which bounds the log.
--
-- grain:    period_no
-- columns:
--   period_no    integer  number along time; a period that no event, and no end of the data, is in has none
--   period       varchar  for instance 2026-01-31, 2026-W05 (ISO), 2026-01, 2026-Q1 or 2026
--   has_event    boolean  whether something happened in it
--   is_partial   boolean  whether the data begin or end in it
--   is_first     boolean  whether the recording begins in it
--   is_last      boolean  whether the observation ends in it
--   may_predate  boolean  whether customers who are first seen in it may be older than the log
--   seen_days    double   days of it between the beginning of the recording and the end of the observation, in
--                        hours begun
with

spanned as (

    select
        min(case when is_first then hour_no end) / 24.0 as first_day,
        (max(case when is_last then hour_no end) + 1) / 24.0 as last_day
    from local_quarters

),

measured as (

    select
        setting.period as length,
        case setting.period when 'month' then 1 when 'quarter' then 3 else 12 end as months
    from cfg_settings as setting

),

bounded as (

    select
        numbered.period_no,
        case measured.length
            when 'day' then numbered.period_no
            when 'week' then numbered.period_no * 7 - 3
            else
                make_date(
                    cast(floor(numbered.period_no * measured.months / 12.0) as integer),
                    numbered.period_no * measured.months % 12 + 1,
                    1
                ) - date '1970-01-01'
        end as first_day,
        case measured.length
            when 'day' then numbered.period_no + 1
            when 'week' then numbered.period_no * 7 + 4
            else
                make_date(
                    cast(floor((numbered.period_no + 1) * measured.months / 12.0) as integer),
                    (numbered.period_no + 1) * measured.months % 12 + 1,
                    1
                ) - date '1970-01-01'
        end as end_day
    from (select distinct period_no from local_quarters) as numbered
    cross join measured

)

select
    quarter.period_no,
    min(quarter.period) as period,
    bool_or(quarter.has_event) as has_event,
    bool_or(quarter.is_first or quarter.is_last) as is_partial,
    bool_or(quarter.is_first) as is_first,
    bool_or(quarter.is_last) as is_last,
    not bool_and(quarter.is_settled) as may_predate,
    greatest(
        least(min(bounded.end_day), min(spanned.last_day)) - greatest(min(bounded.first_day), min(spanned.first_day)),
        1 / 24.0
    ) as seen_days
from local_quarters as quarter
inner join bounded on bounded.period_no = quarter.period_no
cross join spanned
group by quarter.period_no
