-- One row per journey: the period in which it began, by the clock of the project's time zone.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   value        varchar  for instance 2026-01-31, 2026-W05 (ISO), 2026-01, 2026-Q1 or 2026
with

started as (

    select
        map_no,
        customer_no,
        journey_no,
        cast(floor(started_us / 900000000) as bigint) as quarter_hour
    from journey_facts

),

local as (

    select
        quarter_hour,
        timezone(setting.timezone, timezone('UTC', make_timestamp(quarter_hour * 900000000))) as local_at,
        setting.period
    from (select distinct quarter_hour from started) as met
    cross join cfg_settings as setting

),

named as (

    select
        quarter_hour,
        case period
            when 'day' then strftime(local_at, '%Y-%m-%d')
            when 'week' then strftime(local_at, '%G-W%V')
            when 'month' then strftime(local_at, '%Y-%m')
            when 'quarter' then extract(year from local_at) || '-Q' || extract(quarter from local_at)
            else strftime(local_at, '%Y')
        end as value
    from local

)

select
    started.map_no,
    started.customer_no,
    started.journey_no,
    named.value
from started
inner join named on named.quarter_hour = started.quarter_hour
