-- One row per unit that something stops for good: from there on it gets no further, by whatever entry.
--
-- What may stop a unit once it has entered: an event that is no step (foreign), a step before its turn
-- (early), a step from the second one on that was done already (repeat). Steps at one place are taken in
-- their order.
--
-- kind:     working
-- grain:    funnel_no, customer_no, unit_no, hold_no
-- columns:
--   funnel_no    integer  funnel
--   customer_no  integer  customer
--   unit_no      integer  unit
--   hold_no      integer  number of the value that is held; 0: none is
--   stop_key     bigint   128 times the place, plus twice the step: what comes from here on does not count
with

stopping as (

    select
        funnel_no,
        stops_foreign,
        stops_early,
        stops_repeat,
        ties
    from asked_funnels
    where stops_foreign or stops_early or stops_repeat

),

reached as (

    select
        chain.funnel_no,
        chain.customer_no,
        chain.unit_no,
        chain.hold_no,
        chain.step_no,
        min(128 * chain.place + 2 * chain.step_no) as reached_key,
        min(chain.position) as reached_position
    from funnel_chains as chain
    inner join stopping on stopping.funnel_no = chain.funnel_no
    where not chain.is_void
    group by chain.funnel_no, chain.customer_no, chain.unit_no, chain.hold_no, chain.step_no

),

entered as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        min(reached_key) as entered_key
    from reached
    group by funnel_no, customer_no, unit_no, hold_no

),

-- Only those of funnels that a foreign event stops: else there is nothing to hold events against.
placed_steps as (

    select
        placed.funnel_no,
        placed.customer_no,
        placed.position
    from funnel_places as placed
    inner join stopping on stopping.funnel_no = placed.funnel_no and stopping.stops_foreign

),

stopped as (

    select
        entered.funnel_no,
        entered.customer_no,
        entered.unit_no,
        entered.hold_no,
        128 * placed.place + 2 * placed.step_no
        + case when own.reached_key = 128 * placed.place + 2 * placed.step_no then 1 else 0 end as stop_key
    from entered
    inner join stopping on stopping.funnel_no = entered.funnel_no
    inner join funnel_places as placed
        on placed.funnel_no = entered.funnel_no
        and placed.customer_no = entered.customer_no
        and placed.unit_no = entered.unit_no
        and placed.hold_no = entered.hold_no
        and placed.step_no > 1
        and 128 * placed.place + 2 * placed.step_no > entered.entered_key
    left join reached as own
        on own.funnel_no = entered.funnel_no
        and own.customer_no = entered.customer_no
        and own.unit_no = entered.unit_no
        and own.hold_no = entered.hold_no
        and own.step_no = placed.step_no
        and (
            own.reached_key < 128 * placed.place + 2 * placed.step_no
            or (own.reached_key = 128 * placed.place + 2 * placed.step_no and own.reached_position < placed.position)
        )
    left join reached as before
        on before.funnel_no = entered.funnel_no
        and before.customer_no = entered.customer_no
        and before.unit_no = entered.unit_no
        and before.hold_no = entered.hold_no
        and before.step_no = placed.step_no - 1
        and before.reached_key < 128 * placed.place + 2 * placed.step_no
    where
        (stopping.stops_repeat and own.step_no is not null)
        or (stopping.stops_early and before.step_no is null)
    union all
    select
        entered.funnel_no,
        entered.customer_no,
        entered.unit_no,
        entered.hold_no,
        128 * case when stopping.ties = 'position' then cast(event.position as bigint) else event.occurred_us end
    from entered
    inner join stopping on stopping.funnel_no = entered.funnel_no and stopping.stops_foreign
    inner join asked_funnels as funnel on funnel.funnel_no = entered.funnel_no
    inner join ordered_events as event
        on event.customer_no = entered.customer_no
        and (funnel.unit <> 'session' or event.session_no = entered.unit_no)
        and 128 * case when stopping.ties = 'position' then cast(event.position as bigint) else event.occurred_us end
        > entered.entered_key
    left join placed_steps as placed
        on placed.funnel_no = entered.funnel_no
        and placed.customer_no = event.customer_no
        and placed.position = event.position
    where placed.position is null

)

select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    min(stop_key) as stop_key
from stopped
group by funnel_no, customer_no, unit_no, hold_no
