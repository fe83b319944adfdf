-- One row per property that is read and event, with the event's value as text.
--
-- kind:     view
-- grain:    property_no, event_no
-- columns:
--   property_no  integer  property
--   event_no     bigint   the event
--   value        varchar  its value, numbers as short as can be: 10, 20.5; NULL: none
select
    property.property_no,
    event.event_no,
    case property.column_name
        when 'touchpoint' then touchpoint.touchpoint
        when 'stage' then touchpoint.stage
        when 'channel' then case when event.channel_no > 0 then channel.channel end
        when 'source' then source.source
    end as value
from ordered_events as event
inner join touchpoint_names as touchpoint on touchpoint.touchpoint_no = event.touchpoint_no
inner join channels as channel on channel.channel_no = event.channel_no
inner join parts as part on part.file_no = cast(floor(event.event_no / 1099511627776) as integer)
inner join cfg_sources as source on source.source_no = part.source_no
cross join asked_properties as property
where
    property.is_read
    and property.column_name in ('touchpoint', 'stage', 'channel', 'source')
    and property.json_path is null
union all
select
    property_no,
    event_no,
    case
        when number is null then text
        when number = floor(number) and abs(number) < 1000000000000000 then cast(cast(number as bigint) as varchar)
        else cast(number as varchar)
    end
from (
    select
        property.property_no,
        detail.event_no,
        case
            when property.json_path is not null
                then nullif(json_extract_string(detail.attributes, property.json_path), '')
            when property.column_name = 'session_key' then detail.session_key
            when property.column_name = 'value' then rtrim(rtrim(cast(detail.value as varchar), '0'), '.')
            when property.column_name = 'currency' then detail.currency
            when property.column_name = 'order_id' then detail.order_id
            when property.column_name = 'cost' then rtrim(rtrim(cast(detail.cost as varchar), '0'), '.')
            when property.column_name = 'campaign' then detail.campaign
            when property.column_name = 'device' then detail.device
            when property.column_name = 'country' then detail.country
            when property.column_name = 'direction' then detail.direction
            when property.column_name = 'actor' then detail.actor
            when property.column_name = 'score_type' then detail.score_type
        end as text,
        case
            when property.json_path is not null then null
            when property.column_name = 'score' then detail.score
            when property.column_name = 'sentiment' then detail.sentiment
            when property.column_name = 'duration_s' then detail.duration_s
        end as number
    from event_details as detail
    cross join asked_properties as property
    where
        property.is_read
        and (
            property.column_name not in ('touchpoint', 'stage', 'channel', 'source', 'event')
            or property.json_path is not null
        )
) as told
union all
select
    property.property_no,
    named.event_no,
    named.event
from asked_event_names as named
cross join asked_properties as property
where property.column_name = 'event' and property.json_path is null
