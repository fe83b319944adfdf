-- One row per funnel and event that is a step of it, or an exclusion, in the unit that it belongs to.
--
-- kind:     view
-- grain:    funnel_no, item_no, event_no
-- columns:
--   funnel_no      integer  funnel
--   item_no        integer  step or exclusion
--   is_exclusion   boolean  whether it ends an attempt; else it is a step
--   step_no        integer  the step; of an exclusion the step after which it ends an attempt
--   to_step        integer  the step; of an exclusion the step before which it does
--   customer_no    integer  customer
--   unit_no        integer  session_no where sessions are counted, else 0
--   hold_no        integer  number of the value that is held; 0: none is, or an exclusion has none
--   position       integer  place among the customer's events
--   event_no       bigint   the event
--   occurred_us    bigint   when it happened, UTC microseconds
--   place          bigint   what orders it: its position, or its time, as the funnel takes ties
--   is_tied        boolean  whether the customer has another event at the same time
select
    funnel_no,
    item_no,
    is_exclusion,
    step_no,
    to_step,
    customer_no,
    unit_no,
    hold_no,
    position,
    event_no,
    occurred_us,
    place,
    is_tied
from funnel_choices
where unit_no is not null
