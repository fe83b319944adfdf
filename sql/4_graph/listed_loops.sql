-- One row per loop that is listed by itself: the hundred most frequent of each map, level and length.
--
-- grain:    map_no, level_no, moves, loop_no
-- columns:
--   map_no    integer  map
--   level_no  integer  1 touchpoint, 2 stage
--   moves     integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no   integer  rank by frequency, from 1
--   node_1    integer  the node, or the lowest of the cycle
--   node_2    integer  the next of the cycle; 0: none
--   node_3    integer  the next; 0: none
--   node_4    integer  the next; 0: none
with

counted as (

    select map_no, level_no, moves, node_1, node_2, node_3, node_4, sum(returns) as returns
    from journey_loops
    group by map_no, level_no, moves, node_1, node_2, node_3, node_4

),

ranked as (

    select
        *,
        row_number() over (
            partition by map_no, level_no, moves
            order by returns desc, node_1, node_2, node_3, node_4
        ) as loop_no
    from counted

)

select map_no, level_no, moves, cast(loop_no as integer) as loop_no, node_1, node_2, node_3, node_4
from ranked
where loop_no <= 100
order by map_no, level_no, moves, loop_no
