-- One row per return of a journey by a loop: back to the node, again at it, or round a cycle to it.
--
-- Every return that goes round a cycle is a return to the node as well, and has two rows.
--
-- kind:     view
-- grain:    map_no, level_no, customer_no, journey_no, moves, visit_no
-- columns:
--   map_no       integer  map
--   level_no     integer  1 touchpoint, 2 stage
--   customer_no  integer  customer
--   journey_no   integer  journey
--   visit_no     integer  place of the return in the journey; rises along it
--   moves        integer  0: return to the node after any number of moves; 1: repeat, the node twice in
--                a row; 2 to 4: moves round the cycle
--   node_1       integer  the node, or the lowest of the cycle
--   node_2       integer  the next of the cycle; 0: none
--   node_3       integer  the next; 0: none
--   node_4       integer  the next; 0: none
--   begins_run   boolean  whether it is the first of a walk round the cycle; not for other loops
--   duration_us  bigint   from the arrival at the node to the arrival back, microseconds
select
    map_no,
    level_no,
    customer_no,
    journey_no,
    visit_no,
    0 as moves,
    node_no as node_1,
    0 as node_2,
    0 as node_3,
    0 as node_4,
    false as begins_run,
    duration_us
from node_returns
union all
select
    map_no,
    level_no,
    customer_no,
    journey_no,
    visit_no,
    cycle_moves,
    node_1,
    node_2,
    coalesce(node_3, 0),
    coalesce(node_4, 0),
    begins_run,
    duration_us
from node_returns
where cycle_moves is not null
union all
select map_no, level_no, customer_no, journey_no, move_no, 1, to_no, 0, 0, 0, false, gap_us
from journey_moves
where from_no = to_no and level_no < 3
