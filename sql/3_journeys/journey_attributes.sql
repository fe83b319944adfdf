-- One row per journey and declared segment in which it has a value.
--
-- Of the values at its steps the first, the last or the most frequent counts; of equally frequent ones
-- the first.
--
-- kind:     working
-- needs:    cfg_segments
-- grain:    map_no, customer_no, journey_no, segment_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   segment_no   integer  segment
--   value        varchar  its value
with

told as (

    select
        event.event_no,
        segment.segment_no,
        case segment.column_name
            when 'source' then source.source
            when 'touchpoint' then touchpoint.touchpoint
            when 'channel' then case when event.channel_no > 0 then channel.channel end
        end as value
    from ordered_events as event
    inner join touchpoint_names as touchpoint on touchpoint.touchpoint_no = event.touchpoint_no
    inner join channels as channel on channel.channel_no = event.channel_no
    inner join parts as part on part.file_no = cast(floor(event.event_no / 1099511627776) as integer)
    inner join cfg_sources as source on source.source_no = part.source_no
    cross join cfg_segments as segment
    where segment.column_name in ('source', 'touchpoint', 'channel') and segment.json_path is null
    union all
    select
        detail.event_no,
        segment.segment_no,
        case
            when segment.json_path is not null then nullif(json_extract_string(detail.attributes, segment.json_path), '')
            when segment.column_name = 'campaign' then detail.campaign
            when segment.column_name = 'device' then detail.device
            when segment.column_name = 'country' then detail.country
            when segment.column_name = 'direction' then detail.direction
            when segment.column_name = 'actor' then detail.actor
            when segment.column_name = 'currency' then detail.currency
            when segment.column_name = 'score_type' then detail.score_type
        end
    from event_details as detail
    cross join cfg_segments as segment
    where segment.column_name not in ('source', 'touchpoint', 'channel') or segment.json_path is not null

),

walked as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        told.segment_no,
        told.value,
        count(*) as times,
        min(step.step_no) as first_place,
        max(step.step_no) as last_place
    from told
    inner join cfg_segments as segment on segment.segment_no = told.segment_no and not segment.of_customer
    inner join journey_steps as step on step.event_no = told.event_no
    where told.value is not null
    group by step.map_no, step.customer_no, step.journey_no, told.segment_no, told.value

),

lived as (

    select
        event.customer_no,
        told.segment_no,
        told.value,
        count(*) as times,
        min(event.position) as first_place,
        max(event.position) as last_place
    from told
    inner join cfg_segments as segment on segment.segment_no = told.segment_no and segment.of_customer
    inner join ordered_events as event on event.event_no = told.event_no
    cross join as_of
    where told.value is not null and event.occurred_us <= as_of.as_of_us
    group by event.customer_no, told.segment_no, told.value

),

met as (

    select map_no, customer_no, journey_no, segment_no, value, times, first_place, last_place
    from walked
    union all
    select
        journey.map_no,
        journey.customer_no,
        journey.journey_no,
        lived.segment_no,
        lived.value,
        lived.times,
        lived.first_place,
        lived.last_place
    from lived
    inner join journey_facts as journey on journey.customer_no = lived.customer_no

)

select
    met.map_no,
    met.customer_no,
    met.journey_no,
    met.segment_no,
    arg_max(
        met.value,
        case segment.take
            when 'first' then -met.first_place
            when 'last' then met.last_place
            else met.times * 4294967296 - met.first_place
        end
    ) as value
from met
inner join cfg_segments as segment on segment.segment_no = met.segment_no
group by met.map_no, met.customer_no, met.journey_no, met.segment_no
