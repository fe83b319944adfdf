-- One row per cut, segment and population: the sums that the squiggle's figures are made of.
--
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
--   mean_squiggle_index   double   mean of the walks' own indices
--   squiggle_index        double   1 - progress / total variation
--   squiggle_se           double   its standard error, by customer; NULL: fewer than two customers
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

summed as (

    select
        map_no,
        cut,
        segment_no,
        value_no,
        population,
        cast(sum(walks) as bigint) as walks,
        cast(sum(customers) as bigint) as customers,
        cast(sum(moving_walks) as bigint) as moving_walks,
        cast(sum(straight_walks) as bigint) as straight_walks,
        cast(sum(staged_steps) as bigint) as staged_steps,
        cast(sum(visits) as bigint) as visits,
        cast(sum(revisits) as bigint) as revisits,
        cast(sum(total_variation) as bigint) as total_variation,
        cast(sum(back_distance) as bigint) as back_distance,
        cast(sum(back_squared) as bigint) as back_squared,
        cast(sum(progress) as bigint) as progress,
        cast(sum(moves) as bigint) as moves,
        cast(sum(back_moves) as bigint) as back_moves,
        cast(sum(skip_moves) as bigint) as skip_moves,
        round(cast(sum(index_sum) as double) / nullif(sum(moving_walks), 0), 12) as mean_squiggle_index,
        sum(progress) / cast(nullif(sum(total_variation), 0) as double) as straight_ratio,
        cast(sum(progress_squared) as double) as progress_squared,
        cast(sum(progress_variation) as double) as progress_variation,
        cast(sum(variation_squared) as double) as variation_squared,
        cast(sum(orderly_visits) as bigint) as orderly_visits,
        cast(sum(discordant_pairs) as bigint) as discordant_pairs,
        cast(sum(unequal_pairs) as bigint) as unequal_pairs,
        cast(sum(straight_cost) as bigint) as straight_cost,
        cast(sum(straight_worst) as bigint) as straight_worst,
        cast(sum(path_cost) as bigint) as path_cost,
        cast(sum(path_worst) as bigint) as path_worst,
        cast(sum(on_path_walks) as bigint) as on_path_walks,
        cast(sum(following_walks) as bigint) as following_walks
    from squiggle_sum_parts
    group by map_no, cut, segment_no, value_no, population

)

select
    map_no,
    cut,
    segment_no,
    value_no,
    population,
    walks,
    customers,
    moving_walks,
    straight_walks,
    staged_steps,
    visits,
    revisits,
    total_variation,
    back_distance,
    back_squared,
    progress,
    moves,
    back_moves,
    skip_moves,
    mean_squiggle_index,
    1 - straight_ratio as squiggle_index,
    sqrt(
        customers / cast(nullif(customers - 1, 0) as double)
        * greatest(
            progress_squared
            - 2 * straight_ratio * progress_variation
            + straight_ratio * straight_ratio * variation_squared,
            0
        )
    ) / nullif(total_variation, 0) as squiggle_se,
    orderly_visits,
    discordant_pairs,
    unequal_pairs,
    straight_cost,
    straight_worst,
    path_cost,
    path_worst,
    on_path_walks,
    following_walks
from summed
