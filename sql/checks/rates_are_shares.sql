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
