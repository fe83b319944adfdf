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
--   across_sessions  bigint  moves that lead from one session into another
with

walked as (

    select
        map_no,
        level_no,
        customer_no,
        journey_no,
        from_no,
        to_no,
        count(*) as transitions,
        count(case when is_across then 1 end) as across_sessions
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
        count(*) as journeys,
        sum(across_sessions) as across_sessions
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
    count(*) as customers,
    cast(sum(across_sessions) as bigint) as across_sessions
from lived
group by map_no, level_no, from_no, to_no
