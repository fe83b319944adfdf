-- One row per journey and loop that it walks: a repeat, a return to a node, or a round of a cycle.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, customer_no, journey_no, moves, node_1, node_2, node_3, node_4
-- columns:
--   map_no       integer  map
--   level_no     integer  1 touchpoint, 2 stage
--   customer_no  integer  customer
--   journey_no   integer  journey
--   moves        integer  0: return to the node after any number of moves; 1: repeat, the node twice in
--                a row; 2 to 4: moves round the cycle
--   node_1       integer  the node, or the lowest of the cycle
--   node_2       integer  the next of the cycle; 0: none
--   node_3       integer  the next; 0: none
--   node_4       integer  the next; 0: none
--   returns      bigint   how often it comes back to a node by this loop
--   runs         bigint   walks round the cycle without a break: A B A B A is one; 0 for other loops
select
    map_no,
    level_no,
    customer_no,
    journey_no,
    moves,
    node_1,
    node_2,
    node_3,
    node_4,
    count(*) as returns,
    count(case when begins_run then 1 end) as runs
from loop_returns
group by map_no, level_no, customer_no, journey_no, moves, node_1, node_2, node_3, node_4
