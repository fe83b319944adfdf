-- One row per duration near the median of a listed loop, value of a segment and range of customers.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, segment_no, value_no, moves, loop_no, duration_us
-- columns:
--   map_no       integer  map
--   level_no     integer  1 touchpoint, 2 stage
--   segment_no   integer  segment; 0: all
--   value_no     integer  value
--   moves        integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no      integer  rank of the loop
--   duration_us  bigint   from the arrival at the node to the arrival back, microseconds
--   bin          integer  8 times the logarithm of the duration, rounded down
--   returns      bigint   returns that took so long
with

-- Most returns are in no such bin, whatever the segment; these are left out first.
near as (

    select distinct map_no, level_no, moves, loop_no, bin
    from loop_middles

),

timed as materialized (

    select
        timed.map_no,
        timed.level_no,
        timed.customer_no,
        timed.journey_no,
        timed.moves,
        timed.loop_no,
        timed.duration_us,
        timed.bin
    from loop_durations as timed
    inner join near
        on near.map_no = timed.map_no
        and near.level_no = timed.level_no
        and near.moves = timed.moves
        and near.loop_no = timed.loop_no
        and near.bin = timed.bin

)

select
    middle.map_no,
    middle.level_no,
    middle.segment_no,
    middle.value_no,
    middle.moves,
    middle.loop_no,
    timed.duration_us,
    timed.bin,
    count(*) as returns
from timed
inner join segmented_journeys as segment
    on segment.map_no = timed.map_no
    and segment.customer_no = timed.customer_no
    and segment.journey_no = timed.journey_no
inner join loop_middles as middle
    on middle.map_no = timed.map_no
    and middle.level_no = timed.level_no
    and middle.segment_no = segment.segment_no
    and middle.value_no = segment.value_no
    and middle.moves = timed.moves
    and middle.loop_no = timed.loop_no
    and middle.bin = timed.bin
group by
    middle.map_no,
    middle.level_no,
    middle.segment_no,
    middle.value_no,
    middle.moves,
    middle.loop_no,
    timed.duration_us,
    timed.bin
