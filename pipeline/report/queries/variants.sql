-- One row per path of stages (repeats merged), the fifteen most common of each map.
select
    map_name,
    variant_no,
    path,
    steps,
    journeys,
    share,
    coverage,
    converted,
    conversion_rate,
    median_days,
    squiggle_index
from variants
where level = 'stage' and variant_no <= 15
order by map_name, variant_no
