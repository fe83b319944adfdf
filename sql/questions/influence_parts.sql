-- One row per stratum, touchpoint or none, and range of customers: its touches. They add up to influence_strata.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    touchpoint_no, stratum_no
-- columns:
--   touchpoint_no  integer  touchpoint that the touches are the first at, or come after; NULL: all touches
--   stratum_no     bigint   stratum
--   exposed        bigint   first touches at the touchpoint; NULL for all
--   exposed_converts  bigint  of them, those that the goal follows
--   touches        bigint   touches from the first one on, this among them; all
--   converts       bigint   of them, those that the goal follows
select
    first.touchpoint_no,
    trial.stratum_no,
    count(case when trial.step_no = first.step_no then 1 end) as exposed,
    cast(sum(case when trial.step_no = first.step_no then trial.converts else 0 end) as bigint) as exposed_converts,
    count(*) as touches,
    cast(sum(trial.converts) as bigint) as converts
from influence_trials as trial
inner join influence_firsts as first
    on first.customer_no = trial.customer_no
    and first.journey_no = trial.journey_no
    and first.step_no <= trial.step_no
group by first.touchpoint_no, trial.stratum_no
union all
select
    cast(null as integer),
    stratum_no,
    cast(null as bigint),
    cast(null as bigint),
    count(*),
    cast(sum(converts) as bigint)
from influence_trials
group by stratum_no
