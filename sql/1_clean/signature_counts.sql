-- One row per way in which events look to the rules: how many look so.
--
-- kind:     working
-- grain:    signature_key
-- columns:
--   signature_key  ubigint  hash of source, event, channel and rule_values
--   events         bigint   events
select signature_key, count(*) as events
from clean_events
group by signature_key
