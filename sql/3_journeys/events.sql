-- One row per event of a customer, with names: the table to start from.
--
-- Events after the as-of moment are in it, though in no journey; journey_steps has those of journeys. What
-- else the export says of an event (direction, actor, cost, sentiment, duration, its own session) is in
-- event_details.
--
-- kind:     view
-- grain:    event_no
-- columns:
--   event_no     bigint         number of the record: file_no * 2^40 + row_no
--   customer_id  varchar        who, as a pseudonym
--   session_id   varchar        session that it is in; NULL: a passive event in none
--   occurred_at  timestamp      when, UTC
--   touchpoint   varchar        touchpoint
--   stage        varchar        stage of the touchpoint; NULL: none
--   channel      varchar        channel; (no channel) where the export has none
--   source       varchar        source
--   file_no      integer        input file
--   row_no       bigint         place in the file
--   position     integer        place among the customer's events, from 1
--   gap_s        double         seconds since the customer's event before; NULL for the first
--   value        decimal(18,2)  money
--   currency     varchar        its currency
--   order_id     varchar        order
--   campaign     varchar        campaign
--   device       varchar        kind of device
--   country      varchar        country
--   score_type   varchar        kind of score
--   score        double         score
--   attributes   varchar        kept columns of the export, as a JSON object
select
    event.event_no,
    customer.customer_id,
    customer.customer_id || '-' || event.session_no as session_id,
    make_timestamp(event.occurred_us) as occurred_at,
    touchpoint.touchpoint,
    touchpoint.stage,
    channel.channel,
    source.source,
    part.file_no,
    event.event_no - part.file_no * 1099511627776 as row_no,
    event.position,
    event.gap_us / 1000000.0 as gap_s,
    detail.value,
    detail.currency,
    detail.order_id,
    detail.campaign,
    detail.device,
    detail.country,
    detail.score_type,
    detail.score,
    detail.attributes
from ordered_events as event
inner join numbered_customers as customer on customer.customer_no = event.customer_no
inner join touchpoint_names as touchpoint on touchpoint.touchpoint_no = event.touchpoint_no
inner join channels as channel on channel.channel_no = event.channel_no
inner join parts as part on part.file_no = cast(floor(event.event_no / 1099511627776) as integer)
inner join cfg_sources as source on source.source_no = part.source_no
left join event_details as detail on detail.event_no = event.event_no
