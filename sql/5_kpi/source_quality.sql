-- One row per source: how much of it can be used, and how well.
--
-- grain:    source
-- columns:
--   source               varchar    source
--   files                bigint     input files
--   rows_read            bigint     records
--   rows_loaded          bigint     records that are events
--   rows_duplicate       bigint     records that repeat another one
--   rows_rejected        bigint     records that could not be used
--   conflicts            bigint     records with an event id that came before with another content
--   first_at             timestamp  first event, UTC
--   last_at              timestamp  last event, UTC
--   unidentified_events  bigint     events without any usable id: in no journey
--   events_after_as_of   bigint     events after the as-of moment: in no journey
--   tied_events          bigint     events at the same time as another one of the customer
--   unmapped_events      bigint     events that no touchpoint rule matches
--   resolution           varchar    minute, second, millisecond or finer: all its times are whole ones; NULL: no events
with

filed as (

    select
        source,
        count(*) as files,
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_loaded) as bigint) as rows_loaded,
        cast(sum(rows_duplicate) as bigint) as rows_duplicate,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        min(first_at) as first_at,
        max(last_at) as last_at
    from input_files
    group by source

),

conflicting as (

    select part.source_no, count(*) as conflicts
    from duplicate_rows as repeated
    inner join parts as part on part.file_no = repeated.file_no
    where repeated.is_conflict
    group by part.source_no

),

seen as (

    select
        cast(floor(event.event_no / 1099511627776) as integer) as file_no,
        event.touchpoint_no,
        count(*) as events,
        count(case when event.occurred_us > as_of.as_of_us then 1 end) as events_after_as_of,
        count(case when event.is_tied then 1 end) as tied_events,
        max(event.occurred_us % 60000000) as past_minute,
        max(event.occurred_us % 1000000) as past_second,
        max(event.occurred_us % 1000) as past_millisecond
    from ordered_events as event
    cross join as_of
    group by cast(floor(event.event_no / 1099511627776) as integer), event.touchpoint_no

),

used as (

    select
        part.source_no,
        cast(sum(seen.events) as bigint) as events,
        cast(sum(seen.events_after_as_of) as bigint) as events_after_as_of,
        cast(sum(seen.tied_events) as bigint) as tied_events,
        cast(sum(case when named.is_mapped then 0 else seen.events end) as bigint) as unmapped_events,
        case
            when max(seen.past_minute) = 0 then 'minute'
            when max(seen.past_second) = 0 then 'second'
            when max(seen.past_millisecond) = 0 then 'millisecond'
            else 'finer'
        end as resolution
    from seen
    inner join parts as part on part.file_no = seen.file_no
    inner join touchpoint_names as named on named.touchpoint_no = seen.touchpoint_no
    group by part.source_no

)

select
    source.source,
    filed.files,
    filed.rows_read,
    filed.rows_loaded,
    filed.rows_duplicate,
    filed.rows_rejected,
    coalesce(conflicting.conflicts, 0) as conflicts,
    filed.first_at,
    filed.last_at,
    filed.rows_loaded - coalesce(used.events, 0) as unidentified_events,
    coalesce(used.events_after_as_of, 0) as events_after_as_of,
    coalesce(used.tied_events, 0) as tied_events,
    coalesce(used.unmapped_events, 0) as unmapped_events,
    used.resolution
from cfg_sources as source
inner join filed on filed.source = source.source
left join conflicting on conflicting.source_no = source.source_no
left join used on used.source_no = source.source_no
order by source.source_no
