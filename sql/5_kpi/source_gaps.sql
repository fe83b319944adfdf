-- One row per stretch of whole days on which a source has no event, between its first and its last.
--
-- grain:    source, first_day_no
-- columns:
--   source        varchar    source
--   first_day_no  bigint     first day without an event, in days since 1970-01-01
--   first_at      timestamp  its beginning, UTC
--   days          bigint     days without an event
--   usual_events  double     mean events of the source's days, empty ones included
--   is_surprising  boolean   whether chance alone would hardly leave so many days empty: ten events or
--                more would have been usual
with

lagged as (

    select
        source,
        day_no,
        lag(day_no) over (partition by source order by day_no) as day_before
    from daily_events

),

usual as (

    select source, sum(events) / cast(max(day_no) - min(day_no) + 1 as double) as usual_events
    from daily_events
    group by source

)

select
    lagged.source,
    lagged.day_before + 1 as first_day_no,
    make_timestamp((lagged.day_before + 1) * 86400000000) as first_at,
    lagged.day_no - lagged.day_before - 1 as days,
    usual.usual_events,
    usual.usual_events * (lagged.day_no - lagged.day_before - 1) >= 10 as is_surprising
from lagged
inner join usual on usual.source = lagged.source
where lagged.day_no - lagged.day_before > 1
order by lagged.source, first_day_no
