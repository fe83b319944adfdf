-- A rate or an index outside 0 and 1.
select map_name, stage as subject, drop_rate as rate
from stage_dropoff
where drop_rate not between 0 and 1 or naive_drop_rate not between 0 and 1
union all
select map_name, cut || ', ' || population, squiggle_index
from squiggle_cuts
where
    squiggle_index not between 0 and 1
    or straight_misfit not between 0 and 1
    or path_misfit not between 0 and 1
    or lnds_deviation not between 0 and 1
    or discordance not between 0 and 2
union all
select map_name, from_node || ' to ' || to_node, coverage
from squiggle_tangles
where coverage > 1.000000001 or share > coverage + 0.000000001
union all
select map_name, segment || ', ' || value || ', ' || stage, drop_rate
from segment_dropoff
where
    drop_rate not between 0 and 1
    or drop_rate not between drop_lo - 0.000000001 and drop_hi + 0.000000001
    or ever_drop_rate not between 0 and 1
    or open_share not between 0 and 1
union all
select map_name, segment || ', ' || value || ', ' || touchpoint, stop_rate
from segment_stops
where stop_rate not between stop_lo and stop_hi or stop_share not between 0 and 1
union all
select map_name, stage || ', ' || days || ' days', return_risk
from return_risks
where return_risk not between 0 and 1
