-- One row per cut, segment, span of populations and range of customers: sums that add up to squiggle_sums.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, cut, segment_no, value_no, first_population_no, last_population_no
-- columns:
--   map_no               integer  map
--   cut                  varchar  journey, session or customer
--   segment_no           integer  segment; 0: all
--   value_no             integer  value, as in segment_values
--   first_population_no  integer  populations from this one
--   last_population_no   integer  up to this one
--   walks                bigint   journeys, sessions or customers that have a stage
--   moving_walks         bigint   of the walks, those that changed stage
--   straight_walks       bigint   of them, those that never went back
--   staged_steps         bigint   steps that have a stage
--   visits               bigint   visits to stages, repeats merged
--   revisits             bigint   visits to a stage where the walk had been before
--   total_variation      bigint   stage movement
--   back_distance        bigint   part of the movement that went back; NULL: no journeys are measured
--   progress             bigint   net advance
--   moves                bigint   changes of stage
--   back_moves           bigint   changes to an earlier stage
--   skip_moves           bigint   changes forward by more than one stage
--   index_sum            decimal(38,12)  sum of the walks' own indices
--   orderly_visits       bigint   visits that stay until no journey goes back any more
--   discordant_pairs     bigint   pairs of visits in the wrong order
--   unequal_pairs        bigint   pairs of visits at different stages
--   straight_cost        bigint   what does not match the straight path
--   straight_worst       bigint   the same if nothing matched
--   path_cost            bigint   what does not match the intended path
--   path_worst           bigint   the same if nothing matched
--   on_path_walks        bigint   journeys that follow the intended path as far as they go
--   following_walks      bigint   journeys that follow it to its end
select
    walk.map_no,
    walk.cut,
    walk.segment_no,
    walk.value_no,
    walk.first_population_no,
    walk.last_population_no,
    count(*) as walks,
    count(case when walk.moves > 0 then 1 end) as moving_walks,
    count(case when walk.moves > 0 and walk.back_moves = 0 then 1 end) as straight_walks,
    cast(sum(walk.staged_steps) as bigint) as staged_steps,
    cast(sum(walk.moves + 1) as bigint) as visits,
    cast(sum(walk.moves + 1 - bit_count(walk.touched_stages)) as bigint) as revisits,
    cast(sum(walk.total_variation) as bigint) as total_variation,
    cast(sum(walk.back_distance) as bigint) as back_distance,
    cast(sum(walk.progress) as bigint) as progress,
    cast(sum(walk.moves) as bigint) as moves,
    cast(sum(walk.back_moves) as bigint) as back_moves,
    cast(sum(walk.skip_moves) as bigint) as skip_moves,
    cast(
        sum(cast(1 - walk.progress / cast(nullif(walk.total_variation, 0) as double) as decimal(18, 12)))
        as decimal(38, 12)
    ) as index_sum,
    cast(sum(path.orderly_visits) as bigint) as orderly_visits,
    cast(sum(path.discordant_pairs) as bigint) as discordant_pairs,
    cast(sum(path.unequal_pairs) as bigint) as unequal_pairs,
    cast(sum(path.straight_cost) as bigint) as straight_cost,
    cast(sum(path.straight_worst) as bigint) as straight_worst,
    cast(sum(path.path_cost) as bigint) as path_cost,
    cast(sum(path.path_worst) as bigint) as path_worst,
    count(case when path.is_on_path then 1 end) as on_path_walks,
    count(case when path.is_whole_path then 1 end) as following_walks
from squiggle_walks as walk
left join stage_paths as path on path.map_no = walk.map_no and path.path_no = walk.path_no
group by
    walk.map_no,
    walk.cut,
    walk.segment_no,
    walk.value_no,
    walk.first_population_no,
    walk.last_population_no
