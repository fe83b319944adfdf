-- One row per source and day, UTC, on which it has events.
--
-- grain:    source, day_no
-- columns:
--   source   varchar    source
--   day_no   bigint     days since 1970-01-01
--   day_at   timestamp  the day's beginning, UTC
--   events   bigint     events
select
    source.source,
    cast(floor(event.occurred_us / 86400000000) as bigint) as day_no,
    make_timestamp(cast(floor(event.occurred_us / 86400000000) as bigint) * 86400000000) as day_at,
    count(*) as events
from clean_events as event
inner join cfg_sources as source on source.source_no = event.source_no
group by source.source, cast(floor(event.occurred_us / 86400000000) as bigint)
order by source.source, day_no
