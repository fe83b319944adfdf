-- One row per channel.
--
-- grain:    channel_no
-- columns:
--   channel_no  integer  number by name, from 1; 0 is the channel of events that have none
--   channel     varchar  name; (no channel) for events without one
select distinct channel_no, coalesce(channel, '(no channel)') as channel
from event_signatures
order by channel_no
