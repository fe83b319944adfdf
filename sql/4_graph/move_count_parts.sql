-- One row per edge of the graph, level and range of customers: the counts that add up to move_counts.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, from_no, to_no
-- columns:
--   map_no       integer  map
--   level_no     integer  level
--   from_no      integer  node that is left
--   to_no        integer  node that is entered
--   transitions  bigint   moves
--   journeys     bigint   journeys that make the move at least once
--   customers    bigint   customers who do
with

walked as (

    select map_no, level_no, customer_no, journey_no, from_no, to_no, count(*) as transitions
    from journey_moves
    group by map_no, level_no, customer_no, journey_no, from_no, to_no

),

lived as (

    select
        map_no,
        level_no,
        customer_no,
        from_no,
        to_no,
        sum(transitions) as transitions,
        count(*) as journeys
    from walked
    group by map_no, level_no, customer_no, from_no, to_no

)

select
    map_no,
    level_no,
    from_no,
    to_no,
    cast(sum(transitions) as bigint) as transitions,
    cast(sum(journeys) as bigint) as journeys,
    count(*) as customers
from lived
group by map_no, level_no, from_no, to_no
