-- One row per journey that was at this stage, with how often it came there.
select
    journey.journey_id,
    journey.customer_id,
    journey.status,
    journey.started_at,
    count(*) as moves
from stage_visits as visit
inner join journeys as journey
    on journey.map_no = visit.map_no
    and journey.customer_no = visit.customer_no
    and journey.journey_no = visit.journey_no
inner join segmented_journeys as own
    on own.map_no = visit.map_no
    and own.customer_no = visit.customer_no
    and own.journey_no = visit.journey_no
inner join shown_values as shown
    on shown.map_no = own.map_no
    and shown.segment_no = own.segment_no
    and shown.value_no = own.value_no
inner join cfg_map_stages as stage on stage.map_no = visit.map_no and stage.stage_no = visit.stage_no
where
    journey.map_name = :map_name
    and shown.segment = :segment
    and shown.shown = :value
    and stage.stage = :node
    and :among in ('all', replace(replace(journey.status, 'dropped_explicit', 'dropped'), 'dropped_silent', 'dropped'))
group by all
order by journey.journey_id
