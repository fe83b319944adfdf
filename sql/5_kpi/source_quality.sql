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
--   events_after_as_of   bigint     events after the as-of moment, unidentified ones too: in no journey
--   tied_events          bigint     of events of customers, those at the same time as another one of the customer
--   unmapped_events      bigint     events that no touchpoint rule matches, unidentified ones too
--   resolution           varchar    minute, second, millisecond or finer: all its times are whole ones; NULL: no events
with

filed as (

    select
        source,
        count(*) as files,
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_loaded) as bigint) as rows_loaded,
        cast(sum(rows_duplicate) as bigint) as rows_duplicate,
        cast(sum(rows_rejected) as bigint) as rows_rejected
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
        event.source_no,
        event.signature_key,
        count(case when event.occurred_us > as_of.as_of_us then 1 end) as events_after_as_of,
        count(*) as events,
        max(event.occurred_us % 60000000) as past_minute,
        max(event.occurred_us % 1000000) as past_second,
        max(event.occurred_us % 1000) as past_millisecond
    from clean_events as event
    cross join as_of
    group by event.source_no, event.signature_key

),

used as (

    select
        seen.source_no,
        cast(sum(seen.events_after_as_of) as bigint) as events_after_as_of,
        cast(sum(case when signature.rule_no is null then seen.events else 0 end) as bigint) as unmapped_events,
        case
            when max(seen.past_minute) = 0 then 'minute'
            when max(seen.past_second) = 0 then 'second'
            when max(seen.past_millisecond) = 0 then 'millisecond'
            else 'finer'
        end as resolution
    from seen
    inner join event_signatures as signature on signature.signature_key = seen.signature_key
    group by seen.source_no

),

owned as (

    select file_no, count(*) as events, count(case when is_tied then 1 end) as tied_events
    from (select cast(floor(event_no / 1099511627776) as integer) as file_no, is_tied from ordered_events) as event
    group by file_no

),

identified as (

    select
        part.source_no,
        cast(sum(owned.events) as bigint) as events,
        cast(sum(owned.tied_events) as bigint) as tied_events
    from owned
    inner join parts as part on part.file_no = owned.file_no
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
    make_timestamp(span.first_us) as first_at,
    make_timestamp(span.last_us) as last_at,
    filed.rows_loaded - coalesce(identified.events, 0) as unidentified_events,
    coalesce(used.events_after_as_of, 0) as events_after_as_of,
    coalesce(identified.tied_events, 0) as tied_events,
    coalesce(used.unmapped_events, 0) as unmapped_events,
    used.resolution
from cfg_sources as source
inner join filed on filed.source = source.source
left join conflicting on conflicting.source_no = source.source_no
left join used on used.source_no = source.source_no
left join identified on identified.source_no = source.source_no
left join source_spans as span on span.source_no = source.source_no
order by source.source_no
