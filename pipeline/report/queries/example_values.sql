-- One row per journey that stands as an example, and segment: the value that it has there.
select
    map.map_name,
    example.example_no,
    shown.segment as of_segment,
    shown.shown
from example_journeys as example
inner join cfg_maps as map on map.map_no = example.map_no
inner join journey_segments as own
    on own.map_no = example.map_no
    and own.customer_no = example.customer_no
    and own.journey_no = example.journey_no
inner join shown_values as shown
    on shown.map_no = own.map_no
    and shown.segment_no = own.segment_no
    and shown.value_no = own.value_no
where shown.segment_no <= 8
order by map.map_no, example.example_no, shown.segment_no
