-- One row per journey and touchpoint that is asked for: the first touch there.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    customer_no, journey_no, touchpoint_no
-- columns:
--   customer_no    integer  customer
--   journey_no     integer  journey
--   touchpoint_no  integer  touchpoint
--   step_no        integer  place of the touch
select
    trial.customer_no,
    trial.journey_no,
    trial.touchpoint_no,
    min(trial.step_no) as step_no
from influence_trials as trial
inner join asked_influence_touchpoints as asked on asked.touchpoint_no = trial.touchpoint_no
group by trial.customer_no, trial.journey_no, trial.touchpoint_no
