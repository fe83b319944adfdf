-- One row per funnel, step and event that leads there, with the latest entry of what leads there.
--
-- Entries come from funnel_starts, what follows them from funnel_walks; where the order does not matter,
-- all comes from funnel_gatherings: there step_no is how many steps were done.
--
-- kind:     view
-- grain:    funnel_no, customer_no, unit_no, hold_no, lane, step_no, position
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   unit_no         integer  session_no, number of the attempt, or 0 where customers are counted
--   hold_no         integer  number of the value that is held; 0: none is
--   lane            bigint   which steps it takes, and which at one moment: see asked_funnel_moves.weight
--   taken           integer  how many steps it takes
--   step_no         integer  step that it leads to
--   from_step       integer  step before; 0: it enters here
--   weight          bigint   move that leads here: see asked_funnel_moves
--   position        integer  place of the event among the customer's events
--   event_no        bigint   the event
--   occurred_us     bigint   when it happened, UTC microseconds
--   place           bigint   what orders it: its position or its time
--   first_position  integer  first position of its place
--   last_position   integer  last position of its place
--   cut_key         bigint   links to it have a smaller key: twice their time, or position; NULL: it enters here
--   ends_place      bigint   place of the next exclusion that ends the chain here; NULL: none
--   ends_us         bigint   time of that exclusion
--   start_position  integer  place of the entry among the customer's events
--   start_us        bigint   time of the entry
--   is_void         boolean  whether an exclusion lies between the step before and this one: no step follows
select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    lane,
    taken,
    step_no,
    from_step,
    weight,
    position,
    event_no,
    occurred_us,
    place,
    first_position,
    last_position,
    cut_key,
    ends_place,
    ends_us,
    start_position,
    start_us,
    is_void
from funnel_walks
union all
select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    lane,
    taken,
    step_no,
    0 as from_step,
    lane as weight,
    position,
    event_no,
    occurred_us,
    place,
    position as first_position,
    last_position,
    cast(null as bigint) as cut_key,
    ends_place,
    ends_us,
    position as start_position,
    occurred_us as start_us,
    false as is_void
from funnel_starts
union all
select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    lane,
    taken,
    step_no,
    from_step,
    weight,
    position,
    event_no,
    occurred_us,
    place,
    first_position,
    last_position,
    cut_key,
    ends_place,
    ends_us,
    start_position,
    start_us,
    is_void
from funnel_gatherings
