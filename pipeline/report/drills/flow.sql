-- One row per journey on this link.
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
left join cfg_map_stages as next on next.map_no = visit.map_no and next.stage_no = visit.next_stage_no
where
    journey.map_name = :map_name
    and shown.segment = :segment
    and shown.shown = :value
    and visit.visit_no = :step_no
    and stage.stage = :from_stage
    and case
        when visit.next_stage_no is null and journey.is_closed then '(exit)'
        when visit.next_stage_no is null then '(open)'
        when visit.visit_no = 7 then '(more)'
        else next.stage
    end = :to_stage
    and :outcome in ('', replace(replace(journey.status, 'dropped_explicit', 'dropped'), 'dropped_silent', 'dropped'))
    and :among in ('all', replace(replace(journey.status, 'dropped_explicit', 'dropped'), 'dropped_silent', 'dropped'))
order by journey.journey_id
