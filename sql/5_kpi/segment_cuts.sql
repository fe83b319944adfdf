-- One row per map, cut, value of a segment and population: the squiggle of journeys, sessions, customers.
--
-- A session's, or a customer's, walk in a segment is what its journeys of that value do, one after the
-- other. The columns are those of squiggle_cuts; segment all has its very rows.
--
-- grain:    map_no, cut, segment_no, value_no, population
-- columns:
--   map_no               integer  map
--   map_name             varchar  its name
--   cut                  varchar  what is measured as one walk: journey, session or customer
--   segment_no           integer  segment; 0: all
--   segment              varchar  its name
--   value_no             integer  value, as in segment_values
--   value                varchar  its name
--   is_partial           boolean  whether it is a period in which the data begin or end
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
    figure.map_no,
    map.map_name,
    figure.cut,
    figure.segment_no,
    named.segment,
    figure.value_no,
    named.value,
    named.is_partial,
    figure.population,
    figure.walks,
    figure.customers,
    figure.moving_walks,
    figure.total_variation,
    figure.progress,
    figure.squiggle_index,
    figure.squiggle_se,
    figure.squiggle_lo,
    figure.squiggle_hi,
    figure.mean_squiggle_index,
    figure.detour_ratio,
    figure.straight_walks,
    figure.straight_share,
    figure.straight_lo,
    figure.straight_hi,
    figure.moves,
    figure.back_moves,
    figure.back_share,
    figure.skip_share,
    figure.returning_walks,
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
inner join segment_values as named
    on named.segment_no = figure.segment_no and named.value_no = figure.value_no
order by figure.map_no, figure.cut, figure.segment_no, figure.value_no, figure.population
