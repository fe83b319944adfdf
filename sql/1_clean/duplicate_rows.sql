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

    select source_no, dedupe_key
    from loaded_events
    where dedupe_key is not null
    group by source_no, dedupe_key
    having count(*) > 1

),

ranked as (

    select
        loaded.event_no,
        loaded.file_no,
        loaded.row_no,
        loaded.event_id,
        loaded.content_hash,
        first_value(loaded.event_no) over same as duplicate_of,
        first_value(loaded.file_no) over same as original_file_no,
        first_value(loaded.row_no) over same as original_row_no,
        first_value(loaded.content_hash) over same as original_hash
    from loaded_events as loaded
    inner join repeated
        on repeated.source_no = loaded.source_no and repeated.dedupe_key = loaded.dedupe_key
    window same as (
        partition by
            loaded.source_no,
            loaded.dedupe_key,
            loaded.event_id,
            case when loaded.event_id is null then loaded.occurred_us end
        order by loaded.event_no
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
