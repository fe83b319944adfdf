-- One row per edge of the graph at each level: how often, in how many journeys, by how many customers.
--
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
select
    map_no,
    level_no,
    from_no,
    to_no,
    cast(sum(transitions) as bigint) as transitions,
    cast(sum(journeys) as bigint) as journeys,
    cast(sum(customers) as bigint) as customers,
    cast(sum(across_sessions) as bigint) as across_sessions
from move_count_parts
group by map_no, level_no, from_no, to_no
