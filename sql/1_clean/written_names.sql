-- One row per name as the exports write it, and what it becomes: a touchpoint, a channel.
--
-- kind:     working
-- grain:    kind, name, becomes_no
-- columns:
--   kind        varchar  event or channel
--   name        varchar  the name, as it is written
--   becomes_no  integer  touchpoint_no or channel_no
--   events      bigint   events that carry it
select
    'event' as kind,
    signature.event as name,
    signature.touchpoint_no as becomes_no,
    cast(sum(counted.events) as bigint) as events
from event_signatures as signature
inner join signature_counts as counted on counted.signature_key = signature.signature_key
group by signature.event, signature.touchpoint_no
union all
select 'channel', signature.written_channel, signature.channel_no, cast(sum(counted.events) as bigint)
from event_signatures as signature
inner join signature_counts as counted on counted.signature_key = signature.signature_key
where signature.written_channel is not null
group by signature.written_channel, signature.channel_no
