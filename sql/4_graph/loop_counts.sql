-- One row per loop and value of a segment: how often it is walked, by how many, and among how many.
--
-- grain:    map_no, level_no, segment_no, value_no, moves, loop_no
-- columns:
--   map_no            integer  map
--   level_no          integer  1 touchpoint, 2 stage
--   segment_no        integer  segment; 0: all
--   value_no          integer  value
--   moves             integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no           integer  rank of the loop; 0: all that are not listed
--   item              varchar  the five numbers before as one text: the item of its shares' intervals
--   returns           bigint   returns
--   runs              bigint   walks round the cycle without a break
--   journeys          bigint   journeys with at least one
--   open_journeys     bigint   of them, those whose outcome is open
--   converted         bigint   of them, those that converted
--   customers         bigint   customers with at least one
--   all_journeys      bigint   journeys of the value that could have one
--   all_customers     bigint   customers of these
--   returns_se        double   standard error of returns per journey, by customer; NULL: fewer than two customers, or all alike
with

summed as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        moves,
        loop_no,
        sum(returns) as returns,
        sum(runs) as runs,
        sum(journeys) as journeys,
        sum(open_journeys) as open_journeys,
        sum(converted) as converted,
        sum(customers) as customers,
        sum(squared_returns) as squared_returns,
        sum(returns_journeys) as returns_journeys
    from loop_count_parts
    group by map_no, level_no, segment_no, value_no, moves, loop_no

)

select
    summed.map_no,
    summed.level_no,
    summed.segment_no,
    summed.value_no,
    summed.moves,
    summed.loop_no,
    summed.level_no || '-' || summed.segment_no || '-' || summed.value_no || '-' || summed.moves || '-' || summed.loop_no
    as item,
    cast(summed.returns as bigint) as returns,
    cast(summed.runs as bigint) as runs,
    cast(summed.journeys as bigint) as journeys,
    cast(summed.open_journeys as bigint) as open_journeys,
    cast(summed.converted as bigint) as converted,
    cast(summed.customers as bigint) as customers,
    size.journeys as all_journeys,
    size.customers as all_customers,
    nullif(
        sqrt(
            size.customers / cast(nullif(size.customers - 1, 0) as double)
            -- A trillionth less: what is left of sums that cancel out is no error.
            * greatest(
                0.999999999999 * summed.squared_returns
                - 2 * (summed.returns / cast(size.journeys as double)) * summed.returns_journeys
                + (summed.returns / cast(size.journeys as double))
                * (summed.returns / cast(size.journeys as double))
                * size.squared_journeys,
                0
            )
        ) / size.journeys,
        0
    ) as returns_se
from summed
inner join segment_sizes as size
    on size.map_no = summed.map_no
    and size.level_no = summed.level_no
    and size.segment_no = summed.segment_no
    and size.value_no = summed.value_no
