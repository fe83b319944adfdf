-- One row per journey with a stage: how straight it is.
--
-- Squiggle index SI = 1 - progress / total variation: the share of all stage movement that was detour.
-- 0 is a straight line, skips forward included; towards 1 it is a tangle.
--
-- kind:     view
-- grain:    map_no, journey_id
-- columns:
--   map_no           integer  map
--   map_name         varchar  its name
--   journey_id       varchar  journey
--   total_variation  bigint   stage movement: sum of the distances between neighbouring stages
--   progress         bigint   furthest stage less first stage
--   back_distance    bigint   part of the movement that went back
--   moves            bigint   changes of stage
--   forward_moves    bigint   changes to a later stage
--   back_moves       bigint   changes to an earlier stage
--   skip_moves       bigint   changes forward by more than one stage
--   revisits         bigint   loops: visits to a stage where the journey had been before
--   squiggle_index   double   0 to 1; NULL: the journey never changed stage
--   is_straight      boolean  whether it never went back; NULL: the journey never changed stage
--   visits           bigint   visits to stages, repeats merged
--   repeats          bigint   steps at the stage of the staged step before
--   detour_ratio     double   stages walked per stage of progress, 1 or more; NULL: no progress
--   back_share       double   back_moves / moves; NULL: the journey never changed stage
--   skip_share       double   skip_moves / forward_moves; NULL: it never went forward
--   revisit_share    double   revisits / visits
--   lnds_deviation   double   share of the visits to take away until it never goes back, 0 to 1
--   discordance      double   twice the pairs of visits in the wrong order / pairs at different stages, 0 to 2;
--                NULL: only one stage
--   straight_misfit  double   visits and stages that do not match when it is laid on the stages from its
--                first to its furthest, over those if nothing matched; 0 to 1
--   path_misfit      double   the same, laid on the intended path up to where it got; 0 to 1
--   follows_path     boolean  whether it takes the intended path from beginning to end
--   is_on_path       boolean  whether it follows the intended path as far as it goes
select
    fact.map_no,
    map.map_name,
    customer.customer_id || '-' || fact.map_no || '-' || fact.journey_no as journey_id,
    fact.total_variation,
    cast(fact.furthest_stage_no - fact.first_stage_no as bigint) as progress,
    fact.back_distance,
    fact.moves,
    fact.moves - fact.back_moves as forward_moves,
    fact.back_moves,
    fact.skip_moves,
    path.visits - path.stages as revisits,
    1 - (fact.furthest_stage_no - fact.first_stage_no) / cast(nullif(fact.total_variation, 0) as double) as squiggle_index,
    case
        when fact.total_variation > 0
            then fact.furthest_stage_no - fact.first_stage_no = fact.total_variation
    end as is_straight,
    path.visits,
    fact.staged_steps - path.visits as repeats,
    fact.total_variation / cast(nullif(fact.furthest_stage_no - fact.first_stage_no, 0) as double) as detour_ratio,
    fact.back_moves / cast(nullif(fact.moves, 0) as double) as back_share,
    fact.skip_moves / cast(nullif(fact.moves - fact.back_moves, 0) as double) as skip_share,
    (path.visits - path.stages) / cast(path.visits as double) as revisit_share,
    1 - path.orderly_visits / cast(path.visits as double) as lnds_deviation,
    2 * path.discordant_pairs / cast(nullif(path.unequal_pairs, 0) as double) as discordance,
    path.straight_cost / cast(path.straight_worst as double) as straight_misfit,
    path.path_cost / cast(path.path_worst as double) as path_misfit,
    path.is_whole_path as follows_path,
    path.is_on_path
from journey_facts as fact
inner join cfg_maps as map on map.map_no = fact.map_no
inner join numbered_customers as customer on customer.customer_no = fact.customer_no
inner join journey_paths as taken
    on taken.map_no = fact.map_no
    and taken.customer_no = fact.customer_no
    and taken.journey_no = fact.journey_no
inner join stage_paths as path on path.map_no = taken.map_no and path.path_no = taken.path_no
