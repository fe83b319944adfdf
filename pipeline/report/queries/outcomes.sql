-- One row per view: how many journeys it holds.
select
    map_name,
    segment,
    value,
    among,
    journeys,
    staged_journeys,
    first_journeys,
    staged_customers
from segment_outcomes
order by map_name, segment, value, among
