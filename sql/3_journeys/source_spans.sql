-- One row per source that has events: when the first and the last of them happened.
--
-- Records that repeat another are no events: a record that is sent again with another time moves no bound.
--
-- grain:    source_no
-- columns:
--   source_no  integer  source
--   first_us   bigint   first event, UTC microseconds
--   last_us    bigint   last event, UTC microseconds
select
    source_no,
    min(occurred_us) as first_us,
    max(occurred_us) as last_us
from clean_events
group by source_no
