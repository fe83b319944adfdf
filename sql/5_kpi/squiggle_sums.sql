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
--   squiggle_se           double   its standard error, by customer; NULL: fewer than two customers, or all alike
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

spread as (

    select
        map_no,
        cut,
        segment_no,
        value_no,
        population_no,
        cast(sum(customers) as bigint) as customers,
        cast(sum(progress_squared) as double) as progress_squared,
        cast(sum(progress_variation) as double) as progress_variation,
        cast(sum(variation_squared) as double) as variation_squared,
        cast(sum(back_squared) as bigint) as back_squared
    from squiggle_spread_parts
    group by map_no, cut, segment_no, value_no, population_no

),

summed as (

    select
        part.map_no,
        part.cut,
        part.segment_no,
        part.value_no,
        populations.population_no,
        populations.population,
        cast(sum(part.walks) as bigint) as walks,
        cast(sum(part.moving_walks) as bigint) as moving_walks,
        cast(sum(part.straight_walks) as bigint) as straight_walks,
        cast(sum(part.staged_steps) as bigint) as staged_steps,
        cast(sum(part.visits) as bigint) as visits,
        cast(sum(part.revisits) as bigint) as revisits,
        cast(sum(part.total_variation) as bigint) as total_variation,
        cast(sum(part.back_distance) as bigint) as back_distance,
        cast(sum(part.progress) as bigint) as progress,
        cast(sum(part.moves) as bigint) as moves,
        cast(sum(part.back_moves) as bigint) as back_moves,
        cast(sum(part.skip_moves) as bigint) as skip_moves,
        round(cast(sum(part.index_sum) as double) / nullif(sum(part.moving_walks), 0), 12) as mean_squiggle_index,
        sum(part.progress) / cast(nullif(sum(part.total_variation), 0) as double) as straight_ratio,
        cast(sum(part.orderly_visits) as bigint) as orderly_visits,
        cast(sum(part.discordant_pairs) as bigint) as discordant_pairs,
        cast(sum(part.unequal_pairs) as bigint) as unequal_pairs,
        cast(sum(part.straight_cost) as bigint) as straight_cost,
        cast(sum(part.straight_worst) as bigint) as straight_worst,
        cast(sum(part.path_cost) as bigint) as path_cost,
        cast(sum(part.path_worst) as bigint) as path_worst,
        cast(sum(part.on_path_walks) as bigint) as on_path_walks,
        cast(sum(part.following_walks) as bigint) as following_walks
    from squiggle_sum_parts as part
    inner join populations
        on populations.population_no between part.first_population_no and part.last_population_no
    group by
        part.map_no,
        part.cut,
        part.segment_no,
        part.value_no,
        populations.population_no,
        populations.population

)

select
    summed.map_no,
    summed.cut,
    summed.segment_no,
    summed.value_no,
    summed.population,
    summed.walks,
    spread.customers,
    summed.moving_walks,
    summed.straight_walks,
    summed.staged_steps,
    summed.visits,
    summed.revisits,
    summed.total_variation,
    summed.back_distance,
    spread.back_squared,
    summed.progress,
    summed.moves,
    summed.back_moves,
    summed.skip_moves,
    summed.mean_squiggle_index,
    1 - summed.straight_ratio as squiggle_index,
    nullif(
        sqrt(
            spread.customers / cast(nullif(spread.customers - 1, 0) as double)
            -- A trillionth less: what is left of sums that cancel out is no error.
            * greatest(
                0.999999999999 * spread.progress_squared
                - 2 * summed.straight_ratio * spread.progress_variation
                + summed.straight_ratio * summed.straight_ratio * spread.variation_squared,
                0
            )
        ) / nullif(summed.total_variation, 0),
        0
    ) as squiggle_se,
    summed.orderly_visits,
    summed.discordant_pairs,
    summed.unequal_pairs,
    summed.straight_cost,
    summed.straight_worst,
    summed.path_cost,
    summed.path_worst,
    summed.on_path_walks,
    summed.following_walks
from summed
inner join spread
    on spread.map_no = summed.map_no
    and spread.cut = summed.cut
    and spread.segment_no = summed.segment_no
    and spread.value_no = summed.value_no
    and spread.population_no = summed.population_no
