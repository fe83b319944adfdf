-- One row per map: how its journeys open and close.
select
    map_no,
    map_name,
    goal,
    closes,
    silence_us / 86400000000 as silence_days,
    within_us / 86400000000 as within_days
from cfg_maps
order by map_no
