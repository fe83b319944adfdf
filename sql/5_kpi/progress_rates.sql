-- One row per map, group of journeys and stage: the chance to go beyond within T, with its interval.
--
-- NULL where nobody was watched for as long as T.
--
-- grain:    map_no, segment_no, value_no, is_rest, stage_no
-- columns:
--   map_no         integer  map
--   segment_no     integer  segment; 0: all
--   value_no       integer  value, as in segment_values
--   is_rest        boolean  whether it is all journeys but those of the group
--   stage_no       integer  stage, or 0 for the journey as a whole
--   journeys       bigint   journeys that stood at the stage
--   customers      bigint   customers who made them
--   known          bigint   of them, those watched for T, gone beyond or explicitly ended within it
--   progressed     bigint   of them, those seen to go beyond within T
--   progress_rate  double   chance to go beyond within T
--   progress_se    double   its standard error, the journeys of a customer taken together
--   progress_lo    double   lower end of its 95 % interval
--   progress_hi    double   upper end of its 95 % interval
--   abandon_rate   double   chance to end explicitly within T
--   design_effect  double   variance of the rate by customer / that by journey; of a rest: that of all
--   median_us      bigint   time by which half have gone beyond; NULL: fewer than half do within T, or a rest
--   p90_us         bigint   time by which nine of ten have
with

progressed as (

    select map_no, segment_no, value_no, is_rest, stage_no, sum(progressed) as progressed
    from progress_steps
    group by map_no, segment_no, value_no, is_rest, stage_no

),

reached as (

    select
        map_no,
        segment_no,
        value_no,
        stage_no,
        max(case when quantile = 0.5 then reached_us end) as median_us,
        max(case when quantile = 0.9 then reached_us end) as p90_us
    from progress_quantiles
    group by map_no, segment_no, value_no, stage_no

)

select
    step.map_no,
    step.segment_no,
    step.value_no,
    step.is_rest,
    step.stage_no,
    step.journeys,
    step.customers,
    step.known,
    cast(progressed.progressed as bigint) as progressed,
    step.progress_rate,
    step.progress_se,
    step.progress_lo,
    step.progress_hi,
    step.abandon_rate,
    step.design_effect,
    case when not step.is_rest then reached.median_us end as median_us,
    case when not step.is_rest then reached.p90_us end as p90_us
from progress_intervals as step
inner join cfg_maps as map on map.map_no = step.map_no and map.within_us = step.counted_us
inner join progressed
    on progressed.map_no = step.map_no
    and progressed.segment_no = step.segment_no
    and progressed.value_no = step.value_no
    and progressed.is_rest = step.is_rest
    and progressed.stage_no = step.stage_no
left join reached
    on reached.map_no = step.map_no
    and reached.segment_no = step.segment_no
    and reached.value_no = step.value_no
    and reached.stage_no = step.stage_no
