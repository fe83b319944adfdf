-- A rate or an index outside 0 and 1.
select map_name, stage as subject, drop_rate as rate
from stage_dropoff
where drop_rate not between 0 and 1 or naive_drop_rate not between 0 and 1
union all
select map_name, population, squiggle_index
from squiggle_summary
where squiggle_index not between 0 and 1
