-- One row per unit and event by which it enters a funnel.
--
-- Attempts are units of their own, each with one entry.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    funnel_no, customer_no, unit_no, hold_no, lane, position
-- columns:
--   funnel_no      integer  funnel
--   customer_no    integer  customer
--   unit_no        integer  session_no, number of the attempt, or 0 where customers are counted
--   hold_no        integer  number of the value that is held; 0: none is
--   step_no        integer  step that it enters at
--   lane           bigint   which steps it takes: see asked_funnel_moves.weight
--   taken          integer  how many steps it takes
--   position       integer  place among the customer's events
--   event_no       bigint   the event
--   occurred_us    bigint   when it happened, UTC microseconds
--   place          bigint   what orders it: its position or its time
--   last_position  integer  last position of its place
--   ends_place     bigint   place of the next exclusion that ends an attempt here; NULL: none
--   ends_us        bigint   time of that exclusion
select
    entry.funnel_no,
    entry.customer_no,
    entry.unit_no,
    entry.hold_no,
    entry.step_no,
    entry.lane,
    entry.taken,
    entry.position,
    entry.event_no,
    entry.occurred_us,
    entry.place,
    entry.last_position,
    entry.ends_place,
    entry.ends_us
from funnel_entries as entry
inner join asked_funnels as funnel on funnel.funnel_no = entry.funnel_no and funnel.unit <> 'attempt'
union all
select
    entry.funnel_no,
    entry.customer_no,
    attempt.start_position as unit_no,
    entry.hold_no,
    entry.step_no,
    entry.lane,
    entry.taken,
    entry.position,
    entry.event_no,
    entry.occurred_us,
    entry.place,
    entry.last_position,
    entry.ends_place,
    entry.ends_us
from funnel_entries as entry
inner join funnel_attempts as attempt
    on attempt.funnel_no = entry.funnel_no
    and attempt.customer_no = entry.customer_no
    and attempt.hold_no = entry.hold_no
    and attempt.start_place = entry.place
