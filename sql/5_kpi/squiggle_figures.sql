-- One row per cut, segment and population: how much of the movement is detour, and how orderly it is.
--
-- The index of many walks is 1 - sum of progress / sum of movement; its standard error treats the walks
-- of one customer as one observation.
--
-- kind:     working
-- grain:    map_no, cut, segment_no, value_no, population
-- columns:
--   map_no               integer  map
--   cut                  varchar  journey, session or customer
--   segment_no           integer  segment; 0: all
--   value_no             integer  value, as in segment_values
--   population           varchar  headline, closed or all
--   walks                bigint   walks that have a stage
--   customers            bigint   customers who made them
--   moving_walks         bigint   walks that changed stage
--   total_variation      bigint   stage movement
--   progress             bigint   net advance
--   squiggle_index       double   0 to 1; NULL: no movement
--   squiggle_se          double   standard error, by customer; NULL: fewer than two customers, or all alike
--   squiggle_lo          double   lower end of the 95 % interval
--   squiggle_hi          double   upper end of the 95 % interval
--   mean_squiggle_index  double   mean of the walks' own indices
--   detour_ratio         double   stages walked per stage of progress; NULL: no progress
--   straight_walks       bigint   moving walks that never went back
--   straight_share       double   of the moving walks, the share that never went back
--   straight_lo          double   lower end of its 95 % Wilson interval
--   straight_hi          double   upper end of its 95 % Wilson interval
--   moves                bigint   changes of stage
--   back_moves           bigint   changes to an earlier stage
--   back_share           double   of the changes of stage, the share that went back
--   skip_share           double   of the changes forward, the share that passed over a stage
--   returning_walks      bigint   moving walks that went back at least once
--   returning_share      double   of the moving walks, the share that did
--   visits               bigint   visits to stages, repeats merged
--   revisits             bigint   loops: visits to a stage where the walk had been before
--   revisit_share        double   of the visits, the share that are revisits
--   repeats              bigint   steps at the stage of the staged step before
--   lnds_deviation       double   of the visits, the share to take away until no walk goes back; NULL: no
--                journeys are measured
--   discordance          double   twice the pairs of visits in the wrong order / pairs at different
--                stages, 0 to 2; NULL: no journeys are measured
--   straight_misfit      double   what does not match when each is laid on the stages from its first to
--                its furthest, / the most that could not match; NULL: no journeys are measured
--   path_misfit          double   the same, laid on the intended path up to where it got; NULL: no
--                journeys are measured
--   is_small             boolean  whether fewer than 30 walks moved: shown, but never ranked
select
    summed.map_no,
    summed.cut,
    summed.segment_no,
    summed.value_no,
    summed.population,
    summed.walks,
    summed.customers,
    summed.moving_walks,
    summed.total_variation,
    summed.progress,
    summed.squiggle_index,
    summed.squiggle_se,
    case when summed.squiggle_se > 0 then greatest(summed.squiggle_index - 1.959964 * summed.squiggle_se, 0) end as squiggle_lo,
    case when summed.squiggle_se > 0 then least(summed.squiggle_index + 1.959964 * summed.squiggle_se, 1) end as squiggle_hi,
    summed.mean_squiggle_index,
    summed.total_variation / cast(nullif(summed.progress, 0) as double) as detour_ratio,
    summed.straight_walks,
    straight.rate as straight_share,
    straight.lo as straight_lo,
    straight.hi as straight_hi,
    summed.moves,
    summed.back_moves,
    summed.back_moves / cast(nullif(summed.moves, 0) as double) as back_share,
    summed.skip_moves / cast(nullif(summed.moves - summed.back_moves, 0) as double) as skip_share,
    summed.moving_walks - summed.straight_walks as returning_walks,
    (summed.moving_walks - summed.straight_walks) / cast(nullif(summed.moving_walks, 0) as double) as returning_share,
    summed.visits,
    summed.revisits,
    summed.revisits / cast(nullif(summed.visits, 0) as double) as revisit_share,
    summed.staged_steps - summed.visits as repeats,
    1 - summed.orderly_visits / cast(nullif(summed.visits, 0) as double) as lnds_deviation,
    2 * summed.discordant_pairs / cast(nullif(summed.unequal_pairs, 0) as double) as discordance,
    summed.straight_cost / cast(nullif(summed.straight_worst, 0) as double) as straight_misfit,
    summed.path_cost / cast(nullif(summed.path_worst, 0) as double) as path_misfit,
    summed.moving_walks < 30 as is_small
from squiggle_sums as summed
left join walk_intervals as straight
    on straight.figure = 'straight_share'
    and straight.map_no = summed.map_no
    and straight.segment_no = summed.segment_no
    and straight.value_no = summed.value_no
    and straight.item = summed.cut || ' ' || summed.population
