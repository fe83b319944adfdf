-- One row per map, group of journeys, stage and moment of progress_watches: how many watches end there.
--
-- A group is a value of a segment, or segment 0: all journeys.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, stage_no, counted_us
-- columns:
--   map_no          integer  map
--   segment_no      integer  segment; 0: all
--   value_no        integer  value, as in segment_values
--   stage_no        integer  stage, or 0 for the journey as a whole
--   counted_us      bigint   time since the stage was reached, microseconds
--   leaving         bigint   journeys whose watch ends
--   progressed      bigint   of them, those that go beyond
--   abandoned       bigint   of them, those that end explicitly
--   old             bigint   of them, those that reached the stage at least T before the as-of moment
--   mature          bigint   of them, those that reached the stage its silence horizon ago, or longer
--   mature_dropped  bigint   of the mature ones, those that dropped there
--   mature_open     bigint   of the mature ones, those that may still go on
--   followed        bigint   of them, those that went beyond at least T before the as-of moment
--   won             bigint   of the followed ones, those that then reached the goal within T
with

grouped as (

    select
        map_no,
        0 as segment_no,
        0 as value_no,
        stage_no,
        counted_us,
        outcome,
        fate,
        is_old,
        is_mature,
        is_followed,
        is_won,
        count(*) as leaving
    from progress_watches
    group by map_no, stage_no, counted_us, outcome, fate, is_old, is_mature, is_followed, is_won
    union all
    select
        watch.map_no,
        own.segment_no,
        own.value_no,
        watch.stage_no,
        watch.counted_us,
        watch.outcome,
        watch.fate,
        watch.is_old,
        watch.is_mature,
        watch.is_followed,
        watch.is_won,
        count(*)
    from progress_watches as watch
    inner join journey_segments as own
        on own.map_no = watch.map_no
        and own.customer_no = watch.customer_no
        and own.journey_no = watch.journey_no
    group by
        watch.map_no,
        own.segment_no,
        own.value_no,
        watch.stage_no,
        watch.counted_us,
        watch.outcome,
        watch.fate,
        watch.is_old,
        watch.is_mature,
        watch.is_followed,
        watch.is_won

)

select
    map_no,
    segment_no,
    value_no,
    stage_no,
    counted_us,
    cast(sum(leaving) as bigint) as leaving,
    cast(sum(case when outcome = 1 then leaving else 0 end) as bigint) as progressed,
    cast(sum(case when outcome = 2 then leaving else 0 end) as bigint) as abandoned,
    cast(sum(case when is_old then leaving else 0 end) as bigint) as old,
    cast(sum(case when is_mature then leaving else 0 end) as bigint) as mature,
    cast(
        sum(case when is_mature and fate in ('dropped_explicit', 'dropped_silent') then leaving else 0 end) as bigint
    ) as mature_dropped,
    cast(sum(case when is_mature and fate = 'open' then leaving else 0 end) as bigint) as mature_open,
    cast(sum(case when is_followed then leaving else 0 end) as bigint) as followed,
    cast(sum(case when is_followed and is_won then leaving else 0 end) as bigint) as won
from grouped
group by map_no, segment_no, value_no, stage_no, counted_us
