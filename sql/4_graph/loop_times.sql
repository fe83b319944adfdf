-- One row per listed loop and value of a segment: how long a return takes.
--
-- As in move_times, returns are counted by how long they take, and looked into where the median lies.
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

),

measured as (

    select
        listed.map_no,
        listed.level_no,
        segment.segment_no,
        segment.value_no,
        listed.moves,
        listed.loop_no,
        returned.duration_us,
        floor(8 * ln(returned.duration_us + 1)) as bin
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

),

binned as (

    select map_no, level_no, segment_no, value_no, moves, loop_no, bin, count(*) as returns
    from measured
    group by map_no, level_no, segment_no, value_no, moves, loop_no, bin

),

counted as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        moves,
        loop_no,
        cast(floor((sum(returns) - 1) / 2.0) as bigint) as before_median,
        cast(ceil((sum(returns) - 1) / 2.0) as bigint) as after_median
    from binned
    group by map_no, level_no, segment_no, value_no, moves, loop_no

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
        returns,
        cast(
            sum(returns) over (
                partition by map_no, level_no, segment_no, value_no, moves, loop_no
                order by bin
                rows between unbounded preceding and current row
            ) as bigint
        ) as so_far
    from binned

),

holding as (

    select
        stacked.map_no,
        stacked.level_no,
        stacked.segment_no,
        stacked.value_no,
        stacked.moves,
        stacked.loop_no,
        stacked.bin,
        stacked.so_far - stacked.returns as before_bin
    from stacked
    inner join counted
        on counted.map_no = stacked.map_no
        and counted.level_no = stacked.level_no
        and counted.segment_no = stacked.segment_no
        and counted.value_no = stacked.value_no
        and counted.moves = stacked.moves
        and counted.loop_no = stacked.loop_no
    where
        (counted.before_median >= stacked.so_far - stacked.returns and counted.before_median < stacked.so_far)
        or (counted.after_median >= stacked.so_far - stacked.returns and counted.after_median < stacked.so_far)

),

grouped as (

    select
        measured.map_no,
        measured.level_no,
        measured.segment_no,
        measured.value_no,
        measured.moves,
        measured.loop_no,
        measured.bin,
        measured.duration_us,
        holding.before_bin,
        count(*) as returns
    from measured
    inner join holding
        on holding.map_no = measured.map_no
        and holding.level_no = measured.level_no
        and holding.segment_no = measured.segment_no
        and holding.value_no = measured.value_no
        and holding.moves = measured.moves
        and holding.loop_no = measured.loop_no
        and holding.bin = measured.bin
    group by
        measured.map_no,
        measured.level_no,
        measured.segment_no,
        measured.value_no,
        measured.moves,
        measured.loop_no,
        measured.bin,
        measured.duration_us,
        holding.before_bin

),

ranked as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        moves,
        loop_no,
        duration_us,
        before_bin + cast(
            sum(returns) over (
                partition by map_no, level_no, segment_no, value_no, moves, loop_no, bin
                order by duration_us
                rows between unbounded preceding and current row
            ) as bigint
        ) as so_far
    from grouped

)

select
    ranked.map_no,
    ranked.level_no,
    ranked.segment_no,
    ranked.value_no,
    ranked.moves,
    ranked.loop_no,
    (
        min(case when ranked.so_far > counted.before_median then ranked.duration_us end)
        + min(case when ranked.so_far > counted.after_median then ranked.duration_us end)
    ) / 2.0 as median_us
from ranked
inner join counted
    on counted.map_no = ranked.map_no
    and counted.level_no = ranked.level_no
    and counted.segment_no = ranked.segment_no
    and counted.value_no = ranked.value_no
    and counted.moves = ranked.moves
    and counted.loop_no = ranked.loop_no
group by
    ranked.map_no, ranked.level_no, ranked.segment_no, ranked.value_no,
    ranked.moves, ranked.loop_no
