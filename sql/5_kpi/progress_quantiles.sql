-- One row per map, group of journeys, stage and quantile that is reached within T: the time until then.
--
-- With open journeys counted as long as they were watched, the median is not biased towards the quick
-- ones, as the median of those that have gone beyond is.
--
-- grain:    map_no, segment_no, value_no, stage_no, quantile
-- columns:
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   stage_no    integer  stage, or 0 for the journey as a whole
--   quantile    double   0.5 or 0.9: this share has gone beyond by then
--   reached_us  bigint   time since the stage was reached, microseconds
with

asked as (

    select 0.5 as quantile
    union all
    select 0.9

),

crossed as (

    select
        step.map_no,
        step.segment_no,
        step.value_no,
        step.stage_no,
        step.counted_us,
        asked.quantile,
        ceil((asked.quantile - step.progress_before) * step.at_risk / step.survival_before - 0.000000001) as place
    from progress_steps as step
    cross join asked
    where
        not step.is_rest
        and step.progressed > 0
        and step.progress_before < asked.quantile - 0.000000000001
        and step.progress_rate >= asked.quantile - 0.000000000001

),

numbered as (

    select
        crossed.map_no,
        crossed.segment_no,
        crossed.value_no,
        crossed.stage_no,
        crossed.quantile,
        crossed.place,
        watch.duration_us,
        row_number() over (
            partition by crossed.map_no, crossed.segment_no, crossed.value_no, crossed.stage_no, crossed.quantile
            order by watch.duration_us, watch.customer_no, watch.journey_no
        ) as own_place
    from crossed
    inner join progress_watches as watch
        on watch.map_no = crossed.map_no
        and watch.stage_no = crossed.stage_no
        and watch.counted_us = crossed.counted_us
        and watch.outcome = 1
    inner join segmented_journeys as own
        on own.map_no = watch.map_no
        and own.customer_no = watch.customer_no
        and own.journey_no = watch.journey_no
        and own.segment_no = crossed.segment_no
        and own.value_no = crossed.value_no

)

select
    map_no,
    segment_no,
    value_no,
    stage_no,
    cast(quantile as double) as quantile,
    duration_us as reached_us
from numbered
where own_place = place
