-- One row per path that journeys take, the hundred most frequent of each map and level.
--
-- grain:    map_name, level, variant_no
-- columns:
--   map_name         varchar  map
--   level            varchar  touchpoint, or stage with repeats merged
--   variant_no       integer  rank by frequency, from 1
--   path             varchar  names of its nodes, parted by " > "
--   steps            bigint   length of the path
--   journeys         bigint   journeys that take it
--   customers        bigint   customers who do
--   share            double   of all journeys that have a path at this level
--   coverage         double   share of this path and all more frequent ones together
--   converted        bigint   of its journeys, those that converted
--   open             bigint   of its journeys, those whose outcome is open
--   conversion_rate  double   of its journeys without the open ones, the share that converted; NULL: all are open
--   conversion_lo    double   lower end of its 95 % Wilson interval
--   conversion_hi    double   upper end of its 95 % Wilson interval
--   median_days      double   median days from first to last step
--   squiggle_index   double   1 - progress / stage movement of its journeys; NULL: no movement
select
    map.map_name,
    levels.level,
    variant.variant_no,
    spelled.path,
    variant.nodes as steps,
    variant.journeys,
    variant.customers,
    variant.journeys / cast(variant.all_journeys as double) as share,
    sum(variant.journeys) over (
        partition by variant.map_no, variant.level_no
        order by variant.variant_no
        rows between unbounded preceding and current row
    ) / cast(variant.all_journeys as double) as coverage,
    variant.converted,
    variant.open,
    conversion.rate as conversion_rate,
    conversion.lo as conversion_lo,
    conversion.hi as conversion_hi,
    variant.median_us / 86400000000.0 as median_days,
    1 - variant.progress / cast(nullif(variant.total_variation, 0) as double) as squiggle_index
from variant_counts as variant
inner join variant_paths as spelled
    on spelled.map_no = variant.map_no
    and spelled.level_no = variant.level_no
    and spelled.variant_no = variant.variant_no
inner join cfg_maps as map on map.map_no = variant.map_no
inner join levels on levels.level_no = variant.level_no
left join path_intervals as conversion
    on conversion.figure = 'variant_conversion'
    and conversion.map_no = variant.map_no
    and conversion.item = variant.level_no || '-' || variant.variant_no
order by variant.map_no, variant.level_no, variant.variant_no
