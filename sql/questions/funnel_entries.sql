-- One row per event by which a unit may enter a funnel: all of them, or the first where that is asked.
--
-- Where time orders events, all entries of the first moment are the first.
--
-- kind:     view
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
with

found as (

    select
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.step_no,
        move.weight as lane,
        move.steps as taken,
        placed.position,
        placed.event_no,
        placed.occurred_us,
        placed.place,
        placed.last_position,
        placed.ends_place,
        placed.ends_us
    from funnel_places as placed
    inner join asked_funnel_moves as move
        on move.funnel_no = placed.funnel_no
        and move.from_step = 0
        and move.to_step = placed.step_no
        and move.steps = 1
    union all
    select
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.step_no,
        move.weight as lane,
        move.steps as taken,
        placed.position,
        placed.event_no,
        placed.occurred_us,
        placed.place,
        placed.last_position,
        placed.ends_place,
        placed.ends_us
    from funnel_spans as span
    inner join asked_funnel_moves as move
        on move.funnel_no = span.funnel_no
        and move.from_step = span.from_step
        and move.weight = span.weight
    inner join funnel_places as placed
        on placed.funnel_no = span.funnel_no
        and placed.customer_no = span.customer_no
        and placed.unit_no = span.unit_no
        and placed.hold_no = span.hold_no
        and placed.step_no = span.to_step
        and placed.position = span.position
    where span.from_step = 0

),

entered as (

    select
        found.funnel_no,
        found.customer_no,
        found.unit_no,
        found.hold_no,
        found.step_no,
        found.lane,
        found.taken,
        found.position,
        found.event_no,
        found.occurred_us,
        found.place,
        found.last_position,
        found.ends_place,
        found.ends_us,
        funnel.reentry
    from found
    inner join asked_funnels as funnel on funnel.funnel_no = found.funnel_no and funnel.step_order <> 'any'
    where
        (funnel.from_us is null or found.occurred_us >= funnel.from_us)
        and (funnel.to_us is null or found.occurred_us < funnel.to_us)

),

ranked as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        step_no,
        lane,
        taken,
        position,
        event_no,
        occurred_us,
        place,
        last_position,
        ends_place,
        ends_us,
        min(place) over (partition by funnel_no, customer_no, unit_no) as first_place
    from entered
    where reentry = 'first'

)

select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    step_no,
    lane,
    taken,
    position,
    event_no,
    occurred_us,
    place,
    last_position,
    ends_place,
    ends_us
from entered
where reentry = 'best'
union all
select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    step_no,
    lane,
    taken,
    position,
    event_no,
    occurred_us,
    place,
    last_position,
    ends_place,
    ends_us
from ranked
where place = first_place
