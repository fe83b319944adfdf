-- One row per edge between two different nodes that are put in order.
--
-- kind:     working
-- grain:    map_no, level_no, from_no, to_no
-- columns:
--   map_no       integer  map
--   level_no     integer  1 touchpoint, 2 stage
--   from_no      integer  node that is left
--   to_no        integer  node that is entered
--   transitions  bigint   moves
select
    counted.map_no,
    counted.level_no,
    counted.from_no,
    counted.to_no,
    counted.transitions
from move_counts as counted
inner join order_nodes as departure
    on departure.map_no = counted.map_no
    and departure.level_no = counted.level_no
    and departure.node_no = counted.from_no
inner join order_nodes as arrival
    on arrival.map_no = counted.map_no
    and arrival.level_no = counted.level_no
    and arrival.node_no = counted.to_no
where counted.from_no <> counted.to_no
