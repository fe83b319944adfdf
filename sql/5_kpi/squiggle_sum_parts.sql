-- One row per cut, segment, population and range of customers: the sums that add up to squiggle_sums.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, cut, segment_no, value_no, population
-- columns:
--   map_no                integer  map
--   cut                   varchar  journey, session or customer
--   segment_no            integer  segment; 0: all
--   value_no              integer  value, as in segment_values
--   population            varchar  headline, closed or all
--   walks                 bigint   journeys, sessions or customers that have a stage
--   customers             bigint   customers who made them
--   moving_walks          bigint   of the walks, those that changed stage
--   straight_walks        bigint   of them, those that never went back
--   staged_steps          bigint   steps that have a stage
--   visits                bigint   visits to stages, repeats merged
--   revisits              bigint   visits to a stage where the walk had been before
--   total_variation       bigint   stage movement
--   back_distance         bigint   part of the movement that went back; NULL: no journeys are measured
--   back_squared          bigint   sum of the squares of the customers' movements back
--   progress              bigint   net advance
--   moves                 bigint   changes of stage
--   back_moves            bigint   changes to an earlier stage
--   skip_moves            bigint   changes forward by more than one stage
--   index_sum             decimal(38,12)  sum of the walks' own indices
--   progress_squared      bigint   sum of the squares of the customers' net advances
--   progress_variation    bigint   sum of the products of the customers' net advances and stage movements
--   variation_squared     bigint   sum of the squares of the customers' stage movements
--   orderly_visits        bigint   visits that stay until no journey goes back any more
--   discordant_pairs      bigint   pairs of visits in the wrong order
--   unequal_pairs         bigint   pairs of visits at different stages
--   straight_cost         bigint   what does not match the straight path
--   straight_worst        bigint   the same if nothing matched
--   path_cost             bigint   what does not match the intended path
--   path_worst            bigint   the same if nothing matched
--   on_path_walks         bigint   journeys that follow the intended path as far as they go
--   following_walks       bigint   journeys that follow it to its end
with

lived as (

    select
        walk.map_no,
        walk.cut,
        walk.segment_no,
        walk.value_no,
        walk.population,
        walk.customer_no,
        count(*) as walks,
        count(case when walk.moves > 0 then 1 end) as moving_walks,
        count(case when walk.moves > 0 and walk.back_moves = 0 then 1 end) as straight_walks,
        sum(walk.staged_steps) as staged_steps,
        sum(walk.moves + 1 - coalesce(path.stages, walk.stages)) as revisits,
        sum(walk.total_variation) as total_variation,
        sum(walk.back_distance) as back_distance,
        sum(walk.progress) as progress,
        sum(walk.moves) as moves,
        sum(walk.back_moves) as back_moves,
        sum(walk.skip_moves) as skip_moves,
        sum(
            cast(1 - walk.progress / cast(nullif(walk.total_variation, 0) as double) as decimal(18, 12))
        ) as index_sum,
        sum(path.orderly_visits) as orderly_visits,
        sum(path.discordant_pairs) as discordant_pairs,
        sum(path.unequal_pairs) as unequal_pairs,
        sum(path.straight_cost) as straight_cost,
        sum(path.straight_worst) as straight_worst,
        sum(path.path_cost) as path_cost,
        sum(path.path_worst) as path_worst,
        count(case when path.is_on_path then 1 end) as on_path_walks,
        count(case when path.is_whole_path then 1 end) as following_walks
    from squiggle_walks as walk
    left join stage_paths as path on path.map_no = walk.map_no and path.path_no = walk.path_no
    group by walk.map_no, walk.cut, walk.segment_no, walk.value_no, walk.population, walk.customer_no

)

select
    map_no,
    cut,
    segment_no,
    value_no,
    population,
    cast(sum(walks) as bigint) as walks,
    count(*) as customers,
    cast(sum(moving_walks) as bigint) as moving_walks,
    cast(sum(straight_walks) as bigint) as straight_walks,
    cast(sum(staged_steps) as bigint) as staged_steps,
    cast(sum(moves + walks) as bigint) as visits,
    cast(sum(revisits) as bigint) as revisits,
    cast(sum(total_variation) as bigint) as total_variation,
    cast(sum(back_distance) as bigint) as back_distance,
    cast(sum(cast(back_distance as bigint) * cast(back_distance as bigint)) as bigint) as back_squared,
    cast(sum(progress) as bigint) as progress,
    cast(sum(moves) as bigint) as moves,
    cast(sum(back_moves) as bigint) as back_moves,
    cast(sum(skip_moves) as bigint) as skip_moves,
    cast(sum(index_sum) as decimal(38, 12)) as index_sum,
    cast(sum(cast(progress as bigint) * cast(progress as bigint)) as bigint) as progress_squared,
    cast(sum(cast(progress as bigint) * cast(total_variation as bigint)) as bigint) as progress_variation,
    cast(sum(cast(total_variation as bigint) * cast(total_variation as bigint)) as bigint) as variation_squared,
    cast(sum(orderly_visits) as bigint) as orderly_visits,
    cast(sum(discordant_pairs) as bigint) as discordant_pairs,
    cast(sum(unequal_pairs) as bigint) as unequal_pairs,
    cast(sum(straight_cost) as bigint) as straight_cost,
    cast(sum(straight_worst) as bigint) as straight_worst,
    cast(sum(path_cost) as bigint) as path_cost,
    cast(sum(path_worst) as bigint) as path_worst,
    cast(sum(on_path_walks) as bigint) as on_path_walks,
    cast(sum(following_walks) as bigint) as following_walks
from lived
group by map_no, cut, segment_no, value_no, population
