-- One row per row of progress_steps: the chance to have gone beyond, and its interval by customer.
--
-- The interval is that of log(-log(1 - rate)), with the error widened by the design effect at T; that of a
-- rest is taken from all journeys. At 0 and 1, where that scale has no interval, it is Wilson's over the
-- journeys whose answer is known. Of several journeys of one customer there is none.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, is_rest, stage_no, counted_us
-- columns:
--   map_no         integer  map
--   segment_no     integer  segment; 0: all
--   value_no       integer  value, as in segment_values
--   is_rest        boolean  whether it is all journeys but those of the group
--   stage_no       integer  stage, or 0 for the journey as a whole
--   counted_us     bigint   time since the stage was reached, microseconds
--   is_step        boolean  whether it is a sixtieth of T, or 0
--   journeys       bigint   journeys that stood at the stage
--   known          bigint   of them, those watched until then, gone beyond or explicitly ended
--   at_risk        bigint   of them, those still watched just before
--   progress_rate  double   chance to have gone beyond by then
--   progress_se    double   its standard error, the journeys of a customer taken together
--   progress_lo    double   lower end of its 95 % interval
--   progress_hi    double   upper end of its 95 % interval
--   abandon_rate   double   chance to have ended explicitly by then
--   design_effect  double   variance of the rate at T by customer / that by journey
with

widened as (

    select
        step.map_no,
        step.segment_no,
        step.value_no,
        step.is_rest,
        step.stage_no,
        step.counted_us,
        step.is_step,
        step.journeys,
        step.known,
        step.at_risk,
        step.progress_rate as rate,
        case
            when step.journeys = 1 or coalesce(sized.customers, 2) > 1
                then round(step.progress_se * sqrt(coalesce(spread.design_effect, 1)), 12)
        end as se,
        step.journeys = 1 or coalesce(sized.customers, 2) > 1 as has_interval,
        step.abandon_rate,
        coalesce(spread.design_effect, 1) as design_effect
    from progress_steps as step
    left join progress_spreads as spread
        on spread.map_no = step.map_no
        and spread.segment_no = case when step.is_rest then 0 else step.segment_no end
        and spread.value_no = case when step.is_rest then 0 else step.value_no end
        and spread.stage_no = step.stage_no
    left join segment_sizes as sized
        on sized.map_no = step.map_no
        and sized.level_no = 2
        and sized.segment_no = step.segment_no
        and sized.value_no = step.value_no
        and not step.is_rest

)

select
    map_no,
    segment_no,
    value_no,
    is_rest,
    stage_no,
    counted_us,
    is_step,
    journeys,
    known,
    at_risk,
    rate as progress_rate,
    se as progress_se,
    round(
        case
            when not has_interval then null
            when rate <= 0 then 0
            when rate >= 1 then known / (known + 3.841459)
            else 1 - exp(ln(1 - rate) * exp(-1.959964 * se / abs((1 - rate) * ln(1 - rate))))
        end,
        12
    ) as progress_lo,
    round(
        case
            when not has_interval then null
            when rate <= 0 then 3.841459 / (known + 3.841459)
            when rate >= 1 then 1
            else 1 - exp(ln(1 - rate) * exp(1.959964 * se / abs((1 - rate) * ln(1 - rate))))
        end,
        12
    ) as progress_hi,
    abandon_rate,
    design_effect
from widened
