-- One row per map and population: how much of the customers' movement is detour.
--
-- The index of many journeys is 1 - sum of progress / sum of movement; its standard error treats the
-- journeys of one customer as one observation.
--
-- grain:    map_name, population
-- columns:
--   map_name             varchar  map
--   population           varchar  headline, closed or all
--   journeys             bigint   journeys that have a stage
--   customers            bigint   customers who made them
--   moving_journeys      bigint   journeys that changed stage
--   total_variation      bigint   stage movement
--   progress             bigint   net advance
--   squiggle_index       double   0 to 1; NULL: no movement
--   squiggle_se          double   standard error, by customer; NULL: fewer than two customers
--   squiggle_lo          double   lower end of the 95 % interval
--   squiggle_hi          double   upper end of the 95 % interval
--   mean_squiggle_index  double   mean of the journeys' own indices
--   detour_ratio         double   stages walked per stage of progress; NULL: no progress
--   straight_journeys    bigint   moving journeys that never went back
--   straight_share       double   of the moving journeys, the share that never went back
--   straight_lo          double   lower end of its 95 % Wilson interval
--   straight_hi          double   upper end of its 95 % Wilson interval
--   moves                bigint   changes of stage
--   back_moves           bigint   changes to an earlier stage
--   back_share           double   of the changes of stage, the share that went back
--   skip_share           double   of the changes forward, the share that passed over a stage
--   returning_journeys   bigint   moving journeys that went back at least once
--   returning_share      double   of the moving journeys, the share that did
select
    map.map_name,
    estimated.population,
    estimated.journeys,
    estimated.customers,
    estimated.moving_journeys,
    estimated.total_variation,
    estimated.progress,
    estimated.squiggle_index,
    estimated.squiggle_se,
    greatest(estimated.squiggle_index - 1.959964 * estimated.squiggle_se, 0) as squiggle_lo,
    least(estimated.squiggle_index + 1.959964 * estimated.squiggle_se, 1) as squiggle_hi,
    estimated.mean_squiggle_index,
    estimated.total_variation / cast(nullif(estimated.progress, 0) as double) as detour_ratio,
    estimated.straight_journeys,
    wilson.rate as straight_share,
    wilson.lo as straight_lo,
    wilson.hi as straight_hi,
    estimated.moves,
    estimated.back_moves,
    estimated.back_moves / cast(nullif(estimated.moves, 0) as double) as back_share,
    estimated.skip_moves / cast(nullif(estimated.moves - estimated.back_moves, 0) as double) as skip_share,
    estimated.returning_journeys,
    estimated.returning_journeys / cast(nullif(estimated.moving_journeys, 0) as double) as returning_share
from squiggle_sums as estimated
inner join cfg_maps as map on map.map_no = estimated.map_no
left join proportion_intervals as wilson
    on wilson.figure = 'straight_share'
    and wilson.map_no = estimated.map_no
    and wilson.item = estimated.population
order by estimated.map_no, estimated.population
