-- One row per edge between real nodes: how long the move takes, where nothing lies between the steps.
--
-- grain:    map_no, level_no, from_no, to_no
-- columns:
--   map_no    integer  map
--   level_no  integer  level
--   from_no   integer  node that is left
--   to_no     integer  node that is entered
--   n_timed   bigint   moves that are timed
--   median_s  double   median seconds between the two steps
--   p90_s     double   90th percentile of the seconds
select
    map_no,
    level_no,
    from_no,
    to_no,
    count(*) as n_timed,
    median(cast(gap_us as double)) / 1000000.0 as median_s,
    round(quantile_cont(cast(gap_us as double), 0.9)) / 1000000.0 as p90_s
from journey_moves
where gap_us is not null and not is_bridged
group by map_no, level_no, from_no, to_no
