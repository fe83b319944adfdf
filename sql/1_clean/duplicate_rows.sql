-- One row per loaded record that repeats another one; it is in no other table.
--
-- Records repeat one another when their source's event id is the same or, where the source has no
-- event id, when the whole record is. The first by file and row is kept.
--
-- grain:    event_no
-- columns:
--   event_no          bigint   the record that is left out
--   file_no           integer  its file
--   row_no            bigint   its place in the file
--   duplicate_of      bigint   event_no of the record that is kept
--   original_file_no  integer  file of the record that is kept
--   original_row_no   bigint   its place in that file
--   reason            varchar  same_id or same_record
--   is_conflict       boolean  whether the same id came with another content
with

repeated as (

    select dedupe_key
    from loaded_events
    where dedupe_key is not null
    group by dedupe_key
    having count(*) > 1

),

ranked as (

    select
        event_no,
        file_no,
        row_no,
        event_id,
        content_hash,
        first_value(event_no) over same as duplicate_of,
        first_value(file_no) over same as original_file_no,
        first_value(row_no) over same as original_row_no,
        first_value(content_hash) over same as original_hash
    from loaded_events
    where dedupe_key in (select dedupe_key from repeated)
    window same as (
        partition by
            source_no,
            dedupe_key,
            event_id,
            case when event_id is null then occurred_us end
        order by event_no
        rows between unbounded preceding and current row
    )

)

select
    event_no,
    file_no,
    row_no,
    duplicate_of,
    original_file_no,
    original_row_no,
    case when event_id is null then 'same_record' else 'same_id' end as reason,
    content_hash <> original_hash as is_conflict
from ranked
where event_no <> duplicate_of
