-- One row per event: loaded records without those that repeat another.
--
-- kind:     view
-- grain:    event_no
-- columns:
--   event_no       bigint   number of the record
--   source_no      integer  source
--   occurred_us    bigint   when it happened, UTC microseconds
--   sequence       bigint   order among equal times
--   signature_key  ubigint  hash of source, event, channel and rule_values
--   identity_key   ubigint  hash of all ids
select
    loaded.event_no,
    loaded.source_no,
    loaded.occurred_us,
    loaded.sequence,
    loaded.signature_key,
    loaded.identity_key
from loaded_events as loaded
left join duplicate_rows as repeated on repeated.event_no = loaded.event_no
where coalesce(repeated.event_no, 0) = 0
