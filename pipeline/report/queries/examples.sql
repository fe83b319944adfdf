-- One row per step of the journeys that stand as examples; journeys are numbered, not named. Where small
-- groups are folded, times are left out.
select
    map.map_name,
    example.example_no,
    fact.status,
    fact.is_closed,
    fact.steps,
    step.step_no,
    step.stage_no,
    touchpoint.touchpoint,
    channel.channel,
    case when setting.privacy_k = 1 then (step.occurred_us - fact.started_us) / 1000000.0 end as elapsed_s
from example_journeys as example
inner join cfg_maps as map on map.map_no = example.map_no
inner join journey_facts as fact
    on fact.map_no = example.map_no
    and fact.customer_no = example.customer_no
    and fact.journey_no = example.journey_no
inner join journey_steps as step
    on step.map_no = fact.map_no
    and step.customer_no = fact.customer_no
    and step.journey_no = fact.journey_no
    and step.step_no <= 40
inner join touchpoint_names as touchpoint on touchpoint.touchpoint_no = step.touchpoint_no
inner join channels as channel on channel.channel_no = step.channel_no
cross join cfg_settings as setting
order by map.map_no, example.example_no, step.step_no
