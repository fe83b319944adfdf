-- One row per stretch of whole days on which a source has no event, between its first and its last.
--
-- Where nearly all events of the source lie on one side, those on the other are strays: a wrong clock may have
-- put them there. Late ones move the as-of moment, and whoever came before looks silent; early ones move the
-- beginning of the record, and no journey looks left-truncated.
--
-- grain:    source, first_day_no
-- columns:
--   source         varchar    source
--   first_day_no   bigint     first day without an event, in days since 1970-01-01
--   first_at       timestamp  its beginning, UTC
--   days           bigint     days without an event
--   usual_events   double     mean events of the source's days, empty ones included
--   is_surprising  boolean    whether chance alone would hardly leave so many days empty: ten events or
--                  more would have been usual
--   strays         bigint     events beyond it, where they are at most one in a hundred of the source's, and it is
--                  surprising and as long as the shortest silence of a map, or longer; NULL: there are none
--   is_late        boolean    whether they lie after it; false: before it; NULL: there are none
with

counted as (

    select
        source,
        day_no,
        lag(day_no) over (partition by source order by day_no) as day_before,
        sum(events) over (partition by source) as events,
        sum(events) over (
            partition by source
            order by day_no
            rows between unbounded preceding and current row
        ) - events as events_before,
        max(day_no) over (partition by source) - min(day_no) over (partition by source) + 1 as all_days
    from daily_events

),

stretched as (

    select
        source,
        day_before + 1 as first_day_no,
        day_no - day_before - 1 as days,
        events,
        events_before,
        events - events_before as events_after,
        events / cast(all_days as double) as usual_events
    from counted
    where day_no - day_before > 1

),

judged as (

    select
        stretched.source,
        stretched.first_day_no,
        stretched.days,
        stretched.usual_events,
        stretched.usual_events * stretched.days >= 10 as is_surprising,
        case
            when stretched.days * 86400000000 < map.silence_us or stretched.usual_events * stretched.days < 10 then null
            when stretched.events_after * 100 <= stretched.events then stretched.events_after
            when stretched.events_before * 100 <= stretched.events then stretched.events_before
        end as strays,
        stretched.events_after < stretched.events_before as is_late
    from stretched
    cross join (select min(silence_us) as silence_us from cfg_maps) as map

)

select
    source,
    first_day_no,
    make_timestamp(first_day_no * 86400000000) as first_at,
    days,
    usual_events,
    is_surprising,
    cast(strays as bigint) as strays,
    case when strays is not null then is_late end as is_late
from judged
order by source, first_day_no
