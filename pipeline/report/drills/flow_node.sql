-- One row per journey at this place of the unrolled journey: at a stage, or where it ends.
select
    journey.journey_id,
    journey.customer_id,
    journey.status,
    journey.started_at
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
    and case
        when visit.visit_no = :step_no then stage.stage
        when visit.visit_no <> :step_no - 1 then null
        when visit.next_stage_no is null and not journey.is_closed then '(open)'
        when visit.next_stage_no is null and journey.status <> 'converted' then '(exit)'
        when stage.stage <> :lane then null
        when visit.next_stage_no is null then '(won)'
        when visit.visit_no = 7 then '(more)'
    end = :node
    and :among in ('all', replace(replace(journey.status, 'dropped_explicit', 'dropped'), 'dropped_silent', 'dropped'))
order by journey.journey_id
