-- One row per quarter of an hour in which something happened: its day and period by the local clock.
--
-- Clocks differ from UTC by whole quarters of an hour. The quarters that bound the log are always there,
-- also where nothing happened in them.
--
-- grain:    quarter_hour
-- columns:
--   quarter_hour  bigint   quarters of an hour since 1970, UTC
--   hour_no       integer  hours since 1970 by the clock of the project's time zone
--   day_no        integer  days since 1970 by it
--   month_no      integer  months since year 0 by it
--   period_no     integer  reporting periods, without a gap in their numbers
--   period        varchar  for instance 2026-01-31, 2026-W05 (ISO), 2026-01, 2026-Q1 or 2026
--   has_event     boolean  whether something happened in it
--   is_first      boolean  whether the recording begins in it
--   is_last       boolean  whether the observation ends in it
--   is_settled    boolean  whether customers who are new in it, or later, are no older than the log
with

recorded as (

    select coalesce(source.recorded_since_us, span.first_us) as since_us
    from source_spans as span
    inner join cfg_sources as source on source.source_no = span.source_no

),

bounded as (

    select
        min(least(recorded.since_us, as_of.as_of_us)) as first_us,
        min(least(recorded.since_us + greatest(kpi.new_after_us, 1), as_of.as_of_us + 1)) - 1 as settled_us,
        min(as_of.as_of_us) as last_us,
        min(kpi.new_after_us) as new_after_us
    from recorded
    cross join as_of
    cross join cfg_kpi as kpi

),

met as (

    select distinct cast(floor(event.occurred_us / 900000000) as bigint) as quarter_hour, true as has_event
    from clean_events as event
    cross join as_of
    where event.occurred_us <= as_of.as_of_us
    union all
    select cast(floor(first_us / 900000000) as bigint), false from bounded
    union all
    select cast(floor(settled_us / 900000000) as bigint), false from bounded
    union all
    select cast(floor(last_us / 900000000) as bigint), false from bounded

),

local as (

    select
        met.quarter_hour,
        met.has_event,
        timezone(setting.timezone, timezone('UTC', make_timestamp(met.quarter_hour * 900000000))) as local_at,
        setting.period as length
    from (select quarter_hour, bool_or(has_event) as has_event from met group by quarter_hour) as met
    cross join cfg_settings as setting

),

numbered as (

    select
        quarter_hour,
        has_event,
        local_at,
        length,
        cast(local_at as date) - date '1970-01-01' as day_no,
        extract(hour from local_at) as hour,
        extract(year from local_at) * 12 + extract(month from local_at) - 1 as month_no
    from local

)

select
    numbered.quarter_hour,
    cast(numbered.day_no * 24 + numbered.hour as integer) as hour_no,
    cast(numbered.day_no as integer) as day_no,
    cast(numbered.month_no as integer) as month_no,
    cast(
        case numbered.length
            when 'day' then numbered.day_no
            when 'week' then floor((numbered.day_no + 3) / 7)
            when 'month' then numbered.month_no
            when 'quarter' then floor(numbered.month_no / 3)
            else floor(numbered.month_no / 12)
        end as integer
    ) as period_no,
    case numbered.length
        when 'day' then strftime(numbered.local_at, '%Y-%m-%d')
        when 'week' then strftime(numbered.local_at, '%G-W%V')
        when 'month' then strftime(numbered.local_at, '%Y-%m')
        when 'quarter'
            then extract(year from numbered.local_at) || '-Q' || extract(quarter from numbered.local_at)
        else strftime(numbered.local_at, '%Y')
    end as period,
    numbered.has_event,
    numbered.quarter_hour = cast(floor(bounded.first_us / 900000000) as bigint) as is_first,
    numbered.quarter_hour = cast(floor(bounded.last_us / 900000000) as bigint) as is_last,
    numbered.quarter_hour > cast(floor(bounded.settled_us / 900000000) as bigint)
    or bounded.new_after_us = 0 as is_settled
from numbered
cross join bounded
