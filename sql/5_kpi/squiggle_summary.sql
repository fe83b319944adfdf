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
--   squiggle_se          double   standard error, by customer; NULL: fewer than two customers, or all alike
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
--   visits               bigint   visits to stages, repeats merged
--   revisits             bigint   loops: visits to a stage where the journey had been before
--   revisit_share        double   of the visits, the share that are revisits
--   repeats              bigint   steps at the stage of the staged step before
--   lnds_deviation       double   of the visits, the share to take away until no journey goes back
--   discordance          double   twice the pairs of visits in the wrong order / pairs at different
--                stages, 0 to 2
--   straight_misfit      double   what does not match when each is laid on the stages from its first to
--                its furthest, / the most that could not match
--   path_misfit          double   the same, laid on the intended path up to where it got
--   is_small             boolean  whether fewer than 30 journeys moved: shown, but never ranked
select
    map.map_name,
    figure.population,
    figure.walks as journeys,
    figure.customers,
    figure.moving_walks as moving_journeys,
    figure.total_variation,
    figure.progress,
    figure.squiggle_index,
    figure.squiggle_se,
    figure.squiggle_lo,
    figure.squiggle_hi,
    figure.mean_squiggle_index,
    figure.detour_ratio,
    figure.straight_walks as straight_journeys,
    figure.straight_share,
    figure.straight_lo,
    figure.straight_hi,
    figure.moves,
    figure.back_moves,
    figure.back_share,
    figure.skip_share,
    figure.returning_walks as returning_journeys,
    figure.returning_share,
    figure.visits,
    figure.revisits,
    figure.revisit_share,
    figure.repeats,
    figure.lnds_deviation,
    figure.discordance,
    figure.straight_misfit,
    figure.path_misfit,
    figure.is_small
from squiggle_figures as figure
inner join cfg_maps as map on map.map_no = figure.map_no
where figure.cut = 'journey' and figure.segment_no = 0
order by figure.map_no, figure.population
