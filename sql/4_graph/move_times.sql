-- One row per edge between real nodes: how long the move takes, where nothing lies between the steps.
--
-- No list of all times of an edge is held in memory: they are counted by length, in bins whose upper end
-- is an eighth above the lower one, and only the bins in which a quantile lies are looked into.
--
-- grain:    map_no, level_no, from_no, to_no
-- columns:
--   map_no    integer  map
--   level_no  integer  level
--   from_no   integer  node that is left
--   to_no     integer  node that is entered
--   n_timed   bigint   moves that are timed
--   median_s  double   median seconds between the two steps
--   p90_s     double   90th percentile of the seconds
with

binned as (

    select map_no, level_no, from_no, to_no, floor(8 * ln(gap_us + 1)) as bin, count(*) as moves
    from journey_moves
    where gap_us is not null and not is_bridged
    group by map_no, level_no, from_no, to_no, floor(8 * ln(gap_us + 1))

),

counted as (

    select
        map_no,
        level_no,
        from_no,
        to_no,
        cast(sum(moves) as bigint) as n_timed,
        cast(floor((sum(moves) - 1) / 2.0) as bigint) as before_median,
        cast(ceil((sum(moves) - 1) / 2.0) as bigint) as after_median,
        cast(floor((sum(moves) - 1) * 9 / 10.0) as bigint) as before_p90,
        cast(ceil((sum(moves) - 1) * 9 / 10.0) as bigint) as after_p90,
        cast((sum(moves) - 1) * 9 % 10 as bigint) / 10.0 as p90_share
    from binned
    group by map_no, level_no, from_no, to_no

),

stacked as (

    select
        map_no,
        level_no,
        from_no,
        to_no,
        bin,
        moves,
        cast(
            sum(moves) over (
                partition by map_no, level_no, from_no, to_no
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
        stacked.from_no,
        stacked.to_no,
        stacked.bin,
        stacked.so_far - stacked.moves as before_bin
    from stacked
    inner join counted
        on counted.map_no = stacked.map_no
        and counted.level_no = stacked.level_no
        and counted.from_no = stacked.from_no
        and counted.to_no = stacked.to_no
    where
        (counted.before_median >= stacked.so_far - stacked.moves and counted.before_median < stacked.so_far)
        or (counted.after_median >= stacked.so_far - stacked.moves and counted.after_median < stacked.so_far)
        or (counted.before_p90 >= stacked.so_far - stacked.moves and counted.before_p90 < stacked.so_far)
        or (counted.after_p90 >= stacked.so_far - stacked.moves and counted.after_p90 < stacked.so_far)

),

grouped as (

    select
        move.map_no,
        move.level_no,
        move.from_no,
        move.to_no,
        move.gap_us,
        holding.bin,
        holding.before_bin,
        count(*) as moves
    from journey_moves as move
    inner join holding
        on holding.map_no = move.map_no
        and holding.level_no = move.level_no
        and holding.from_no = move.from_no
        and holding.to_no = move.to_no
        and holding.bin = floor(8 * ln(move.gap_us + 1))
    where move.gap_us is not null and not move.is_bridged
    group by
        move.map_no,
        move.level_no,
        move.from_no,
        move.to_no,
        move.gap_us,
        holding.bin,
        holding.before_bin

),

ranked as (

    select
        map_no,
        level_no,
        from_no,
        to_no,
        gap_us,
        before_bin + cast(
            sum(moves) over (
                partition by map_no, level_no, from_no, to_no, bin
                order by gap_us
                rows between unbounded preceding and current row
            ) as bigint
        ) as so_far
    from grouped

),

placed as (

    select
        ranked.map_no,
        ranked.level_no,
        ranked.from_no,
        ranked.to_no,
        min(case when ranked.so_far > counted.before_median then ranked.gap_us end) as before_median_us,
        min(case when ranked.so_far > counted.after_median then ranked.gap_us end) as after_median_us,
        min(case when ranked.so_far > counted.before_p90 then ranked.gap_us end) as before_p90_us,
        min(case when ranked.so_far > counted.after_p90 then ranked.gap_us end) as after_p90_us
    from ranked
    inner join counted
        on counted.map_no = ranked.map_no
        and counted.level_no = ranked.level_no
        and counted.from_no = ranked.from_no
        and counted.to_no = ranked.to_no
    group by ranked.map_no, ranked.level_no, ranked.from_no, ranked.to_no

)

select
    counted.map_no,
    counted.level_no,
    counted.from_no,
    counted.to_no,
    counted.n_timed,
    (placed.before_median_us + placed.after_median_us) / 2.0 / 1000000.0 as median_s,
    round(placed.before_p90_us + (placed.after_p90_us - placed.before_p90_us) * counted.p90_share)
    / 1000000.0 as p90_s
from counted
inner join placed
    on placed.map_no = counted.map_no
    and placed.level_no = counted.level_no
    and placed.from_no = counted.from_no
    and placed.to_no = counted.to_no
