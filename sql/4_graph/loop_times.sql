-- One row per listed loop and value of a segment: how long a return takes.
--
-- grain:    map_no, level_no, segment_no, value_no, moves, loop_no
-- columns:
--   map_no      integer  map
--   level_no    integer  1 touchpoint, 2 stage
--   segment_no  integer  segment; 0: all
--   value_no    integer  value
--   moves       integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no     integer  rank of the loop
--   median_us   double   median time from the arrival at the node to the arrival back, microseconds
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
    listed.map_no,
    listed.level_no,
    segment.segment_no,
    segment.value_no,
    listed.moves,
    listed.loop_no,
    median(cast(returned.duration_us as double)) as median_us
from returned
inner join listed_loops as listed
    on listed.map_no = returned.map_no
    and listed.level_no = returned.level_no
    and listed.moves = returned.moves
    and listed.node_1 = returned.node_1
    and listed.node_2 = returned.node_2
    and listed.node_3 = returned.node_3
    and listed.node_4 = returned.node_4
inner join segmented_journeys as segment
    on segment.map_no = returned.map_no
    and segment.customer_no = returned.customer_no
    and segment.journey_no = returned.journey_no
group by listed.map_no, listed.level_no, segment.segment_no, segment.value_no, listed.moves, listed.loop_no
