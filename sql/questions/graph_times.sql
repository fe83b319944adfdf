-- One row per edge: how long its moves take, where nothing lies between the two steps.
--
-- A quantile stands at place (n - 1) q of the sorted times and is interpolated between neighbours.
--
-- grain:    group_no, from_no, to_no
-- columns:
--   group_no  integer  group
--   from_no   integer  node that is left
--   to_no     integer  node that is entered
--   n_timed   bigint   moves that are timed
--   median_s  double   median seconds
--   p90_s     double   90th percentile of the seconds
with

binned as (

    select group_no, from_no, to_no, gap_us, cast(sum(transitions) as bigint) as moves
    from graph_parts
    where part = 'time'
    group by group_no, from_no, to_no, gap_us

),

placed as (

    select
        group_no,
        from_no,
        to_no,
        gap_us,
        sum(moves) over (
            partition by group_no, from_no, to_no
            order by gap_us
            rows between unbounded preceding and current row
        ) as upto,
        sum(moves) over (partition by group_no, from_no, to_no) - 1 as last_place
    from binned

),

found as (

    select
        group_no,
        from_no,
        to_no,
        cast(max(last_place) as bigint) as last_place,
        min(case when upto > floor(last_place * 5 / 10) then gap_us end) as median_below_us,
        min(case when upto > ceil(last_place * 5 / 10) then gap_us end) as median_above_us,
        min(case when upto > floor(last_place * 9 / 10) then gap_us end) as p90_below_us,
        min(case when upto > ceil(last_place * 9 / 10) then gap_us end) as p90_above_us
    from placed
    group by group_no, from_no, to_no

)

select
    group_no,
    from_no,
    to_no,
    last_place + 1 as n_timed,
    (median_below_us + (median_above_us - median_below_us) * (last_place * 5 % 10 / 10.0)) / 1000000.0 as median_s,
    (p90_below_us + (p90_above_us - p90_below_us) * (last_place * 9 % 10 / 10.0)) / 1000000.0 as p90_s
from found
