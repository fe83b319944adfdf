-- One row per touchpoint, block and range of customers: how far touches from the first one on are from what is expected.
--
-- Those after the first are taken off all touches of the block, of which influence_errors makes the others.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    touchpoint_no, block_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   block_no       integer  block of customers
--   error          double   by the difference: of first touches, and with the opposite sign of all from them on as others
--   ratio_error    double   the same by the ratio; NULL: there is none
select
    first.touchpoint_no,
    cast(trial.customer_no % asked.blocks as integer) as block_no,
    sum(
        case
            when trial.step_no = first.step_no
                then expected.exposed_weight * (trial.converts - expected.exposed_mean)
            else 0
        end
        + expected.control_weight * (trial.converts - expected.control_mean)
    ) as error,
    sum(
        case
            when trial.step_no = first.step_no
                then expected.exposed_weight * (trial.converts - expected.ratio * expected.control_share)
            else 0
        end
        + expected.ratio * expected.control_weight * (trial.converts - expected.control_share)
    ) as ratio_error
from influence_trials as trial
inner join influence_firsts as first
    on first.customer_no = trial.customer_no
    and first.journey_no = trial.journey_no
    and first.step_no <= trial.step_no
inner join influence_expectations as expected
    on expected.touchpoint_no = first.touchpoint_no and expected.stratum_no = trial.stratum_no
cross join asked_influence as asked
group by first.touchpoint_no, trial.customer_no % asked.blocks
