-- One row per map and touchpoint: how many journeys meet it, of how many.
--
-- kind:     working
-- grain:    map_no, touchpoint_no
-- columns:
--   map_no         integer        map
--   touchpoint_no  integer        touchpoint
--   journeys       bigint         journeys that are over, with a step there
--   all_journeys   bigint         journeys that are over
--   converted      bigint         journeys that converted, with a step there before the goal
--   all_converted  bigint         journeys that converted
--   value          decimal(38,2)  money of the converted ones that met it before the goal
--   all_value      decimal(38,2)  money of all converted ones
with

whole as (

    select
        fact.map_no,
        count(case when fact.is_closed then 1 end) as journeys,
        count(fact.goal_us) as converted,
        sum(case when fact.goal_us is not null then valued.value end) as value
    from journey_facts as fact
    left join journey_values as valued
        on valued.map_no = fact.map_no
        and valued.customer_no = fact.customer_no
        and valued.journey_no = fact.journey_no
    where fact.staged_steps > 0
    group by fact.map_no

)

select
    part.map_no,
    part.touchpoint_no,
    cast(sum(part.journeys) as bigint) as journeys,
    max(whole.journeys) as all_journeys,
    cast(sum(part.converted) as bigint) as converted,
    max(whole.converted) as all_converted,
    cast(sum(part.value) as decimal(38, 2)) as value,
    cast(max(whole.value) as decimal(38, 2)) as all_value
from reach_parts as part
inner join whole on whole.map_no = part.map_no
group by part.map_no, part.touchpoint_no
