-- One row per way in which events look to the touchpoint rules.
--
-- grain:    signature_key
-- columns:
--   signature_key  ubigint  hash of source, event, channel and rule_values
--   source_no      integer  source
--   event          varchar  name of the event in the export
--   highest_event  varchar  greatest event of the same key: differs from event only if hashes collide
--   channel        varchar  channel; NULL: none
--   rule_values    varchar  other columns that rules read
select
    signature_key,
    min(source_no) as source_no,
    min(event) as event,
    max(event) as highest_event,
    min(channel) as channel,
    min(rule_values) as rule_values
from loaded_events
where event_no not in (select event_no from duplicate_rows)
group by signature_key
