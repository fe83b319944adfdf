-- One row per value of a segment that can be chosen, and map: how many journeys it has.
select
    map.map_no,
    map.map_name,
    shown.segment_no,
    shown.shown_no,
    shown.segment,
    shown.shown as value,
    shown.is_partial,
    shown.values,
    counted.journeys
from shown_names as shown
inner join cfg_maps as map on map.map_no = shown.map_no
inner join segment_outcomes as counted
    on counted.map_name = map.map_name
    and counted.segment = shown.segment
    and counted.value = shown.shown
    and counted.among = 'all'
order by map.map_no, shown.segment_no, case when shown.shown = '(other)' then 1 else 0 end, shown.shown_no
