-- One row per return by a listed loop: how long it took.
--
-- kind:     view
-- grain:    map_no, level_no, customer_no, journey_no, moves, visit_no
-- columns:
--   map_no       integer  map
--   level_no     integer  1 touchpoint, 2 stage
--   customer_no  integer  customer
--   journey_no   integer  journey
--   visit_no     integer  place of the return in the journey
--   moves        integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no      integer  rank of the loop
--   duration_us  bigint   from the arrival at the node to the arrival back, microseconds
--   bin          integer  8 times the logarithm of the duration, rounded down
select
    returned.map_no,
    returned.level_no,
    returned.customer_no,
    returned.journey_no,
    returned.visit_no,
    listed.moves,
    listed.loop_no,
    returned.duration_us,
    cast(floor(8 * ln(returned.duration_us + 1)) as integer) as bin
from loop_returns as returned
inner join listed_loops as listed
    on listed.map_no = returned.map_no
    and listed.level_no = returned.level_no
    and listed.moves = returned.moves
    and listed.node_1 = returned.node_1
    and listed.node_2 = returned.node_2
    and listed.node_3 = returned.node_3
    and listed.node_4 = returned.node_4
