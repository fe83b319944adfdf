-- One row per row of progress_steps: the chance to have gone beyond, and its interval by customer.
--
-- The interval is that of log(-log(1 - rate)), with the error widened by the design effect at T; that of a
-- rest is taken from all journeys. At 0 and 1, where that scale has no interval, it is Wilson's over the
-- journeys whose answer is known (at 1, if some are open, over those that could be watched for T, for the
-- quick ones tell too much), but over no more than their customers. Of several journeys of one customer
-- there is none.
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
--   customers      bigint   customers who made them
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
        step.journeys - coalesce(spread.repeats, 0) + case when step.is_rest then coalesce(own.taken, 0) else 0 end
            as customers,
        step.known,
        step.at_risk,
        case
            when step.progress_rate < 1 or step.known = step.journeys then step.known
            else greatest(step.old, step.at_risk)
        end as told,
        step.progress_rate as rate,
        round(step.progress_se * sqrt(coalesce(spread.design_effect, 1)), 12) as se,
        step.abandon_rate,
        coalesce(spread.design_effect, 1) as design_effect
    from progress_steps as step
    left join progress_spreads as spread
        on spread.map_no = step.map_no
        and spread.segment_no = case when step.is_rest then 0 else step.segment_no end
        and spread.value_no = case when step.is_rest then 0 else step.value_no end
        and spread.stage_no = step.stage_no
    left join progress_spreads as own
        on step.is_rest
        and own.map_no = step.map_no
        and own.segment_no = step.segment_no
        and own.value_no = step.value_no
        and own.stage_no = step.stage_no

),

judged as (

    select
        widened.*,
        journeys = 1 or customers > 1 as has_interval,
        least(told, customers) as units
    from widened

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
    customers,
    known,
    at_risk,
    rate as progress_rate,
    case when has_interval then se end as progress_se,
    round(
        case
            when not has_interval then null
            when rate <= 0 then 0
            when rate >= 1 then units / (units + 3.841459)
            else 1 - exp(ln(1 - rate) * exp(-1.959964 * se / abs((1 - rate) * ln(1 - rate))))
        end,
        12
    ) as progress_lo,
    round(
        case
            when not has_interval then null
            when rate <= 0 then 3.841459 / (units + 3.841459)
            when rate >= 1 then 1
            else 1 - exp(ln(1 - rate) * exp(1.959964 * se / abs((1 - rate) * ln(1 - rate))))
        end,
        12
    ) as progress_hi,
    abandon_rate,
    design_effect
from judged
