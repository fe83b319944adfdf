-- One row per journey that takes exactly this path; of one longer than sixty, that begins so.
with

placed as (

    select visit.map_no, visit.customer_no, visit.journey_no, visit.visit_no as place, stage.stage as node, 'stage' as level
    from stage_visits as visit
    inner join cfg_map_stages as stage on stage.map_no = visit.map_no and stage.stage_no = visit.stage_no
    union all
    select step.map_no, step.customer_no, step.journey_no, step.step_no, touchpoint.touchpoint, 'touchpoint'
    from journey_steps as step
    inner join touchpoint_names as touchpoint on touchpoint.touchpoint_no = step.touchpoint_no

),

spelled as (

    select
        map_no,
        customer_no,
        journey_no,
        string_agg(case when place <= 60 then node end, ' > ' order by place)
        || case when max(place) > 60 then ' > …' else '' end as path
    from placed
    where level = :level
    group by map_no, customer_no, journey_no

)

select
    journey.journey_id,
    journey.customer_id,
    journey.status,
    journey.started_at
from spelled
inner join journeys as journey
    on journey.map_no = spelled.map_no
    and journey.customer_no = spelled.customer_no
    and journey.journey_no = spelled.journey_no
inner join segmented_journeys as own
    on own.map_no = spelled.map_no
    and own.customer_no = spelled.customer_no
    and own.journey_no = spelled.journey_no
inner join shown_values as shown
    on shown.map_no = own.map_no
    and shown.segment_no = own.segment_no
    and shown.value_no = own.value_no
where
    journey.map_name = :map_name
    and shown.segment = :segment
    and shown.shown = :value
    and spelled.path = :path
    and :among in ('all', replace(replace(journey.status, 'dropped_explicit', 'dropped'), 'dropped_silent', 'dropped'))
order by journey.journey_id
