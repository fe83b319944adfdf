-- One row per listed loop, value of a segment and bin of durations in which the median lies.
--
-- Of an even number of returns the median lies between two, which may be in two bins.
--
-- kind:     working
-- grain:    map_no, level_no, segment_no, value_no, moves, loop_no, bin
-- columns:
--   map_no      integer  map
--   level_no    integer  1 touchpoint, 2 stage
--   segment_no  integer  segment; 0: all
--   value_no    integer  value
--   moves       integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no     integer  rank of the loop
--   bin         integer  8 times the logarithm of the duration, rounded down
--   before_bin  bigint   returns that were shorter than the bin
--   lower       bigint   returns that are shorter than the lower of the two in the middle
--   upper       bigint   the same of the upper one
with

binned as (

    select map_no, level_no, segment_no, value_no, moves, loop_no, bin, sum(returns) as returns
    from loop_time_bins
    group by map_no, level_no, segment_no, value_no, moves, loop_no, bin

),

stacked as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        moves,
        loop_no,
        bin,
        cast(returns as bigint) as returns,
        cast(sum(returns) over (partition by map_no, level_no, segment_no, value_no, moves, loop_no) as bigint) as all_returns,
        cast(
            sum(returns) over (
                partition by map_no, level_no, segment_no, value_no, moves, loop_no
                order by bin
                rows between unbounded preceding and current row
            ) as bigint
        ) as so_far
    from binned

),

halved as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        moves,
        loop_no,
        bin,
        so_far,
        so_far - returns as before_bin,
        cast(floor((all_returns - 1) / 2.0) as bigint) as lower,
        cast(ceil((all_returns - 1) / 2.0) as bigint) as upper
    from stacked

)

select map_no, level_no, segment_no, value_no, moves, loop_no, bin, before_bin, lower, upper
from halved
where (lower >= before_bin and lower < so_far) or (upper >= before_bin and upper < so_far)
