-- One row per map, level, value of a segment, population and move back: what makes the tangle.
--
-- A tangle is a move from a stage to an earlier one, or between two touchpoints of such stages. All
-- tangles of segment all are listed; of other segments the twenty largest of each value and population.
-- Coverage and share are of all movement back, listed or not. The standard error is by customer.
--
-- grain:    map_no, level, segment_no, value_no, population, tangle_no
-- columns:
--   map_no             integer  map
--   map_name           varchar  its name
--   level              varchar  stage or touchpoint
--   segment_no         integer  segment; 0: all
--   segment            varchar  its name
--   value_no           integer  value, as in segment_values
--   value              varchar  its name
--   is_partial         boolean  whether it is a period in which the data begin or end
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
with

summed as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        population,
        from_no,
        to_no,
        sum(moves) as moves,
        sum(back_distance) as back_distance,
        sum(journeys) as journeys,
        sum(customers) as customers,
        cast(sum(distance_squared) as double) as distance_squared,
        cast(sum(distance_back) as double) as distance_back
    from tangle_parts
    group by map_no, level_no, segment_no, value_no, population, from_no, to_no

),

ranked as (

    select
        *,
        row_number() over (
            partition by map_no, level_no, segment_no, value_no, population
            order by back_distance desc, moves desc, from_no, to_no
        ) as tangle_no
    from summed

),

shared as (

    select
        ranked.*,
        whole.back_distance as all_back_distance,
        ranked.back_distance / cast(whole.back_distance as double) as share,
        sum(ranked.back_distance) over (
            partition by ranked.map_no, ranked.level_no, ranked.segment_no, ranked.value_no, ranked.population
            order by ranked.tangle_no
            rows between unbounded preceding and current row
        ) / cast(whole.back_distance as double) as coverage,
        whole.customers as all_customers,
        cast(whole.back_squared as double) as back_squared
    from ranked
    inner join squiggle_sums as whole
        on whole.map_no = ranked.map_no
        and whole.cut = 'journey'
        and whole.segment_no = ranked.segment_no
        and whole.value_no = ranked.value_no
        and whole.population = ranked.population

),

estimated as (

    select
        *,
        sqrt(
            all_customers / cast(nullif(all_customers - 1, 0) as double)
            -- A trillionth less: what is left of sums that cancel out is no error.
            * greatest(
                0.999999999999 * distance_squared - 2 * share * distance_back + share * share * back_squared,
                0
            )
        ) / all_back_distance as se
    from shared

)

select
    tangle.map_no,
    map.map_name,
    levels.level,
    tangle.segment_no,
    named.segment,
    tangle.value_no,
    named.value,
    named.is_partial,
    tangle.population,
    cast(tangle.tangle_no as integer) as tangle_no,
    departure.node as from_node,
    arrival.node as to_node,
    departure.stage as from_stage,
    arrival.stage as to_stage,
    cast(tangle.moves as bigint) as moves,
    departure.stage_no - arrival.stage_no as stages_back,
    cast(tangle.back_distance as bigint) as back_distance,
    tangle.all_back_distance,
    tangle.share,
    case when tangle.se > 0 then greatest(tangle.share - 1.959964 * tangle.se, 0) end as share_lo,
    case when tangle.se > 0 then least(tangle.share + 1.959964 * tangle.se, 1) end as share_hi,
    tangle.coverage,
    cast(tangle.journeys as bigint) as journeys,
    cast(tangle.customers as bigint) as customers,
    tangle.journeys < 30 as is_small
from estimated as tangle
inner join cfg_maps as map on map.map_no = tangle.map_no
inner join levels on levels.level_no = tangle.level_no
inner join segment_values as named
    on named.segment_no = tangle.segment_no and named.value_no = tangle.value_no
inner join node_names as departure
    on departure.map_no = tangle.map_no
    and departure.level_no = tangle.level_no
    and departure.node_no = tangle.from_no
inner join node_names as arrival
    on arrival.map_no = tangle.map_no
    and arrival.level_no = tangle.level_no
    and arrival.node_no = tangle.to_no
where tangle.segment_no = 0 or tangle.tangle_no <= 20
order by tangle.map_no, tangle.level_no, tangle.segment_no, tangle.value_no, tangle.population, tangle.tangle_no
