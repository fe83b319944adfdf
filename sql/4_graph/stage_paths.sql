-- One row per distinct path of stages, repeats merged: how orderly it is, and how it fits the intended path.
--
-- grain:    map_no, path_no
-- columns:
--   map_no            integer  map
--   path_no           bigint   path, as in journey_paths; its visits stand in path_visits
--   journeys          bigint   journeys that take it
--   visits            bigint   visits to stages: its length
--   stages            bigint   different stages
--   orderly_visits    bigint   length of its longest subsequence that never goes back (LNDS)
--   discordant_pairs  bigint   pairs of visits of which the earlier is at the later stage
--   unequal_pairs     bigint   pairs of visits at different stages
--   straight_cost     bigint   visits and stages that do not match when it is laid on the stages from its
--                first to its furthest, each of which may be returned to
--   straight_worst    bigint   the same if nothing matched: its visits + those stages
--   path_cost         bigint   visits and steps that do not match when it is laid on the intended path, up to
--                the step that it has reached, which it meets
--   path_worst        bigint   the same if nothing matched: its visits + the steps, other than optional ones
--   is_on_path        boolean  whether all matches: it follows the intended path as far as it goes
--   is_whole_path     boolean  whether it follows the intended path to its end
with

taken as (

    select map_no, path_no, count(*) as journeys
    from journey_paths
    group by map_no, path_no

),

planned as (

    select map_no, sum(case when is_optional then 0 else 1 end) as steps
    from intended_steps
    group by map_no

),

laid as (

    select
        map_no,
        path_no,
        sum(inserted + repeated + backward + skipped) as path_cost,
        sum(owed) as owed
    from path_fits
    group by map_no, path_no

)

select
    shape.map_no,
    shape.path_no,
    taken.journeys,
    shape.visits,
    shape.stages,
    shape.orderly_visits,
    shape.discordant_pairs,
    shape.unequal_pairs,
    shape.straight_cost,
    shape.straight_worst,
    cast(laid.path_cost as bigint) as path_cost,
    cast(shape.visits + laid.owed as bigint) as path_worst,
    laid.path_cost = 0 as is_on_path,
    laid.path_cost = 0 and laid.owed = planned.steps as is_whole_path
from path_shapes as shape
inner join taken on taken.map_no = shape.map_no and taken.path_no = shape.path_no
inner join laid on laid.map_no = shape.map_no and laid.path_no = shape.path_no
inner join planned on planned.map_no = shape.map_no
