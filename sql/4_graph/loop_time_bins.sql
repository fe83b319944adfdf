-- One row per listed loop, value of a segment, bin of durations and range of customers: how many returns.
--
-- The upper end of a bin is an eighth above the lower one.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, segment_no, value_no, moves, loop_no, bin
-- columns:
--   map_no      integer  map
--   level_no    integer  1 touchpoint, 2 stage
--   segment_no  integer  segment; 0: all
--   value_no    integer  value
--   moves       integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no     integer  rank of the loop
--   bin         integer  8 times the logarithm of the duration, rounded down
--   returns     bigint   returns
select
    timed.map_no,
    timed.level_no,
    segment.segment_no,
    segment.value_no,
    timed.moves,
    timed.loop_no,
    timed.bin,
    count(*) as returns
from loop_durations as timed
inner join segmented_journeys as segment
    on segment.map_no = timed.map_no
    and segment.customer_no = timed.customer_no
    and segment.journey_no = timed.journey_no
group by
    timed.map_no,
    timed.level_no,
    segment.segment_no,
    segment.value_no,
    timed.moves,
    timed.loop_no,
    timed.bin
