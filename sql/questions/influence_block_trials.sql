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
    block.block_no,
    trial.stratum_no,
    count(*) as touches,
    cast(sum(trial.converts) as bigint) as converts
from influence_trials as trial
inner join influence_blocks as block on block.customer_no = trial.customer_no
group by block.block_no, trial.stratum_no
