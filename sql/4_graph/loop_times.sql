-- One row per listed loop and value of a segment: how long a return takes.
--
-- No list of all durations is held in memory: returns are counted by how long they take, and looked into
-- where the median lies.
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

counted as (

    select map_no, level_no, segment_no, value_no, moves, loop_no, bin, duration_us, sum(returns) as returns
    from loop_time_counts
    group by map_no, level_no, segment_no, value_no, moves, loop_no, bin, duration_us

),

ranked as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        moves,
        loop_no,
        bin,
        duration_us,
        cast(
            sum(returns) over (
                partition by map_no, level_no, segment_no, value_no, moves, loop_no, bin
                order by duration_us
                rows between unbounded preceding and current row
            ) as bigint
        ) as so_far
    from counted

)

select
    ranked.map_no,
    ranked.level_no,
    ranked.segment_no,
    ranked.value_no,
    ranked.moves,
    ranked.loop_no,
    (
        min(case when middle.before_bin + ranked.so_far > middle.lower then ranked.duration_us end)
        + min(case when middle.before_bin + ranked.so_far > middle.upper then ranked.duration_us end)
    ) / 2.0 as median_us
from ranked
inner join loop_middles as middle
    on middle.map_no = ranked.map_no
    and middle.level_no = ranked.level_no
    and middle.segment_no = ranked.segment_no
    and middle.value_no = ranked.value_no
    and middle.moves = ranked.moves
    and middle.loop_no = ranked.loop_no
    and middle.bin = ranked.bin
group by
    ranked.map_no,
    ranked.level_no,
    ranked.segment_no,
    ranked.value_no,
    ranked.moves,
    ranked.loop_no
