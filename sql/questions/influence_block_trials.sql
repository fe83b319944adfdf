-- One row per block of customers, stratum and range of customers: their touches.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    block_no, stratum_no
-- columns:
--   block_no    integer  block of customers
--   stratum_no  bigint   stratum
--   touches     bigint   touches
--   converts    bigint   of them, those that the goal follows
select
    cast(trial.customer_no % asked.blocks as integer) as block_no,
    trial.stratum_no,
    count(*) as touches,
    cast(sum(trial.converts) as bigint) as converts
from influence_trials as trial
cross join asked_influence as asked
group by trial.customer_no % asked.blocks, trial.stratum_no
