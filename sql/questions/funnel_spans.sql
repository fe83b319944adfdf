-- One row per move that takes several steps at one moment, and moment whose events can be these steps.
--
-- Looked at are moments with an event that may be one of several steps: there the steps contend for it.
--
-- grain:    funnel_no, customer_no, unit_no, hold_no, from_step, weight, occurred_us
-- columns:
--   funnel_no    integer  funnel
--   customer_no  integer  customer
--   unit_no      integer  unit
--   hold_no      integer  number of the value that is held; 0: none is
--   from_step    integer  step before
--   to_step      integer  last step taken
--   weight       bigint   what tells the move from others: see asked_funnel_moves
--   occurred_us  bigint   the moment, UTC microseconds
--   position     integer  last place, among the customer's events, of an event that may be the last step
with

fed as (

    select
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.occurred_us,
        needed.from_step,
        needed.weight,
        needed.set_no,
        max(needed.size) as size,
        count(distinct placed.position) as events,
        max(move.to_step) as to_step,
        max(move.sets) as sets,
        max(case when placed.step_no = move.to_step then placed.position end) as position
    from funnel_places as placed
    inner join asked_funnel_sets as needed
        on needed.funnel_no = placed.funnel_no and needed.step_no = placed.step_no
    inner join asked_funnel_moves as move
        on move.funnel_no = needed.funnel_no
        and move.from_step = needed.from_step
        and move.weight = needed.weight
    where placed.is_contested
    group by
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.occurred_us,
        needed.from_step,
        needed.weight,
        needed.set_no

)

select
    fed.funnel_no,
    fed.customer_no,
    fed.unit_no,
    fed.hold_no,
    fed.from_step,
    max(fed.to_step) as to_step,
    fed.weight,
    fed.occurred_us,
    max(fed.position) as position
from fed
where fed.events >= fed.size
group by
    fed.funnel_no,
    fed.customer_no,
    fed.unit_no,
    fed.hold_no,
    fed.from_step,
    fed.weight,
    fed.occurred_us
having count(*) = max(fed.sets)
