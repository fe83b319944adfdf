-- One row per map and population: the sums that the squiggle's figures are made of.
--
-- grain:    map_no, population
-- columns:
--   map_no               integer  map
--   population           varchar  headline, closed or all
--   journeys             bigint   journeys that have a stage
--   customers            bigint   customers who made them
--   moving_journeys      bigint   journeys that changed stage
--   total_variation      bigint   stage movement
--   progress             bigint   net advance
--   mean_squiggle_index  double   mean of the journeys' own indices
--   straight_journeys    bigint   moving journeys that never went back
--   returning_journeys   bigint   moving journeys that went back at least once
--   moves                bigint   changes of stage
--   back_moves           bigint   changes to an earlier stage
--   skip_moves           bigint   changes forward by more than one stage
--   squiggle_index       double   1 - progress / total variation
--   squiggle_se          double   its standard error, by customer; NULL: fewer than two customers
with

walked as (

    select
        population.map_no,
        population.population,
        population.customer_no,
        sums.total_variation,
        sums.furthest_stage_no - sums.first_stage_no as progress,
        sums.moves,
        sums.back_moves,
        sums.skip_moves
    from journey_populations as population
    inner join journey_facts as sums
        on sums.map_no = population.map_no
        and sums.customer_no = population.customer_no
        and sums.journey_no = population.journey_no

),

lived as (

    select
        map_no,
        population,
        customer_no,
        sum(total_variation) as total_variation,
        sum(progress) as progress
    from walked
    group by map_no, population, customer_no

),

summed as (

    select
        map_no,
        population,
        count(*) as journeys,
        count(case when moves > 0 then 1 end) as moving_journeys,
        sum(total_variation) as total_variation,
        sum(progress) as progress,
        round(
            avg(case when total_variation > 0 then 1 - progress / cast(total_variation as double) end),
            12
        ) as mean_squiggle_index,
        count(case when total_variation > 0 and progress = total_variation then 1 end) as straight_journeys,
        count(case when back_moves > 0 then 1 end) as returning_journeys,
        sum(moves) as moves,
        sum(back_moves) as back_moves,
        sum(skip_moves) as skip_moves
    from walked
    group by map_no, population

),

spread as (

    select
        lived.map_no,
        lived.population,
        count(*) as customers,
        cast(sum(cast(lived.progress as bigint) * cast(lived.progress as bigint)) as double) as progress_squared,
        cast(sum(cast(lived.progress as bigint) * cast(lived.total_variation as bigint)) as double) as progress_variation,
        cast(
            sum(cast(lived.total_variation as bigint) * cast(lived.total_variation as bigint)) as double
        ) as variation_squared
    from lived
    group by lived.map_no, lived.population

)

select
    summed.map_no,
    summed.population,
    summed.journeys,
    spread.customers,
    summed.moving_journeys,
    cast(summed.total_variation as bigint) as total_variation,
    cast(summed.progress as bigint) as progress,
    summed.mean_squiggle_index,
    summed.straight_journeys,
    summed.returning_journeys,
    cast(summed.moves as bigint) as moves,
    cast(summed.back_moves as bigint) as back_moves,
    cast(summed.skip_moves as bigint) as skip_moves,
    1 - summed.progress / cast(nullif(summed.total_variation, 0) as double) as squiggle_index,
    sqrt(
        spread.customers / cast(nullif(spread.customers - 1, 0) as double)
        * greatest(
            spread.progress_squared
            - 2 * (summed.progress / cast(nullif(summed.total_variation, 0) as double)) * spread.progress_variation
            + (summed.progress / cast(nullif(summed.total_variation, 0) as double))
            * (summed.progress / cast(nullif(summed.total_variation, 0) as double))
            * spread.variation_squared,
            0
        )
    ) / nullif(summed.total_variation, 0) as squiggle_se
from summed
inner join spread on spread.map_no = summed.map_no and spread.population = summed.population
