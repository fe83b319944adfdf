-- One row per map, group of journeys, stage and moment up to T: what a journey adds to the error at T.
--
-- A journey that goes beyond at this moment adds progress_pull, one that ends explicitly abandon_pull, and
-- one that was watched until it takes watch_pull away. The squares of the journeys' sums add up to the
-- variance of Aalen and Johansen, those of the customers' sums to the one by customer.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, stage_no, counted_us
-- columns:
--   map_no         integer  map
--   segment_no     integer  segment; 0: all
--   value_no       integer  value, as in segment_values
--   stage_no       integer  stage, or 0 for the journey as a whole
--   counted_us     bigint   time since the stage was reached, microseconds
--   progress_pull  double   what going beyond at this moment adds
--   abandon_pull   double   what ending explicitly at this moment adds
--   watch_pull     double   what being watched until this moment takes away
with

pulled as (

    select
        step.map_no,
        step.segment_no,
        step.value_no,
        step.stage_no,
        step.counted_us,
        step.at_risk,
        step.progressed,
        step.progressed + step.abandoned as ended,
        coalesce(step.survival_before / nullif(step.at_risk, 0), 0) as gain,
        coalesce(
            (
                max(step.progress_rate) over (
                    partition by step.map_no, step.segment_no, step.value_no, step.stage_no
                )
                - step.progress_rate
            ) / nullif(step.at_risk - step.progressed - step.abandoned, 0),
            0
        ) as loss
    from progress_steps as step
    where not step.is_rest

)

select
    map_no,
    segment_no,
    value_no,
    stage_no,
    counted_us,
    gain - loss as progress_pull,
    -loss as abandon_pull,
    coalesce(
        sum((gain * progressed - loss * ended) / nullif(at_risk, 0)) over (
            partition by map_no, segment_no, value_no, stage_no
            order by counted_us
            rows between unbounded preceding and current row
        ),
        0
    ) as watch_pull
from pulled
