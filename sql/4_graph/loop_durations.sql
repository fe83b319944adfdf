-- One row per return by a listed loop: how long it took.
--
-- kind:     view
-- grain:    map_no, level_no, customer_no, journey_no, moves, loop_no, duration_us
-- columns:
--   map_no       integer  map
--   level_no     integer  1 touchpoint, 2 stage
--   customer_no  integer  customer
--   journey_no   integer  journey
--   moves        integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no      integer  rank of the loop
--   duration_us  bigint   from the arrival at the node to the arrival back, microseconds
--   bin          integer  8 times the logarithm of the duration, rounded down
with

returned as (

    select map_no, level_no, customer_no, journey_no, 0 as moves, node_no as node_1, 0 as node_2, 0 as node_3, 0 as node_4, duration_us
    from node_returns
    union all
    select
        map_no,
        level_no,
        customer_no,
        journey_no,
        cycle_moves,
        node_1,
        node_2,
        coalesce(node_3, 0),
        coalesce(node_4, 0),
        duration_us
    from node_returns
    where cycle_moves is not null
    union all
    select map_no, level_no, customer_no, journey_no, 1, to_no, 0, 0, 0, gap_us
    from journey_moves
    where from_no = to_no and level_no < 3

)

select
    returned.map_no,
    returned.level_no,
    returned.customer_no,
    returned.journey_no,
    listed.moves,
    listed.loop_no,
    returned.duration_us,
    cast(floor(8 * ln(returned.duration_us + 1)) as integer) as bin
from returned
inner join listed_loops as listed
    on listed.map_no = returned.map_no
    and listed.level_no = returned.level_no
    and listed.moves = returned.moves
    and listed.node_1 = returned.node_1
    and listed.node_2 = returned.node_2
    and listed.node_3 = returned.node_3
    and listed.node_4 = returned.node_4
