-- One row per journey that reached this stage and fared like this.
select
    journey.journey_id,
    journey.customer_id,
    journey.status,
    journey.started_at
from journeys as journey
inner join segmented_journeys as own
    on own.map_no = journey.map_no
    and own.customer_no = journey.customer_no
    and own.journey_no = journey.journey_no
inner join shown_values as shown
    on shown.map_no = own.map_no
    and shown.segment_no = own.segment_no
    and shown.value_no = own.value_no
left join cfg_map_stages as goal on goal.map_no = journey.map_no and goal.is_goal
where
    journey.map_name = :map_name
    and shown.segment = :segment
    and shown.shown = :value
    and journey.furthest_stage_no >= :stage_no
    and case
        when journey.furthest_stage_no > :stage_no then 'progressed'
        when journey.status = 'open' then 'open'
        when journey.status <> 'converted' then 'dropped'
        when :stage_no >= goal.stage_no then 'completed'
        else 'progressed'
    end = :part
order by journey.journey_id
