-- One row per stage where the data do not tell silence from loss, of those at which some fell silent.
select
    map.map_name,
    horizon.stage_no,
    horizon.stage,
    map.within_us / 86400000000 as within_days
from silence_horizons as horizon
inner join cfg_maps as map on map.map_no = horizon.map_no
inner join stage_counts as counted
    on counted.map_no = horizon.map_no
    and counted.stage_no = horizon.stage_no
    and counted.segment_no = 0
where
    not horizon.is_drop_identified
    and counted.dropped_silent > 0
    and (not horizon.is_identified or horizon.return_risk is null)
order by horizon.map_no, horizon.stage_no
