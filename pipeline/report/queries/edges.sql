-- One row per move and view: how often one node follows another, at the three levels. Beyond the sixteen
-- most visited touchpoints and channels the rest is folded into (other), none is left out.
select
    told.map_name,
    told.level,
    told.segment,
    told.value,
    told.among,
    told.from_node,
    told.to_node,
    told.transitions,
    told.of_transitions,
    told.of_departures,
    told.leaving_journeys as journeys,
    told.of_journeys,
    told.leaving_customers as customers,
    told.of_customers,
    told.median_s,
    timed.across_sessions / cast(timed.transitions as double) as across_share,
    example.example_no
from segment_transitions as told
inner join cfg_maps as map on map.map_name = told.map_name
left join example_journeys as example
    on example.map_no = map.map_no
    and example.customer_no = cast(floor(told.example / 4294967296) as integer)
    and example.journey_no = cast(told.example % 4294967296 as integer)
left join transitions as timed
    on timed.map_name = told.map_name
    and timed.level = told.level
    and timed.from_node = told.from_node
    and timed.to_node = told.to_node
order by told.map_name, told.level, told.segment, told.value, told.among, told.from_node, told.to_node
