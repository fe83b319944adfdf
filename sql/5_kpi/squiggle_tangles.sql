-- One row per map, level, population and move back: which moves make most of the tangle.
--
-- A tangle is a move from a stage to an earlier one, or between two touchpoints of such stages. The
-- first rows answer "which three moves make most of it"; coverage says how much they make together.
--
-- grain:    map_name, level, population, tangle_no
-- columns:
--   map_name           varchar  map
--   level              varchar  stage or touchpoint
--   population         varchar  headline, closed or all
--   tangle_no          integer  rank by the movement back that the moves make, from 1
--   from_node          varchar  stage or touchpoint that is left
--   to_node            varchar  stage or touchpoint that is entered
--   from_stage         varchar  stage of from_node
--   to_stage           varchar  stage of to_node, an earlier one
--   moves              bigint   moves back from the one to the other
--   stages_back        integer  stages that each of them goes back
--   back_distance      bigint   moves * stages_back
--   all_back_distance  bigint   movement back of all journeys together
--   share              double   back_distance / all_back_distance
--   share_lo           double   lower end of its 95 % interval, by customer; NULL: fewer than two customers, or all alike
--   share_hi           double   upper end of its 95 % interval
--   coverage           double   share of this and all higher ranks together
--   journeys           bigint   journeys that make the move at least once
--   customers          bigint   customers who do
--   is_small           boolean  whether fewer than 30 journeys make it: shown, but never ranked
select
    map_name,
    level,
    population,
    tangle_no,
    from_node,
    to_node,
    from_stage,
    to_stage,
    moves,
    stages_back,
    back_distance,
    all_back_distance,
    share,
    share_lo,
    share_hi,
    coverage,
    journeys,
    customers,
    is_small
from segment_tangles
where segment_no = 0
order by map_no, level, population, tangle_no
