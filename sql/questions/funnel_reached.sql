-- One row per unit and step that its best chain takes, with the event that is the step.
--
-- Of the events that may be a step of the best chain, the earliest is taken. Where the order does not
-- matter, step k is the event by which k steps were done.
--
-- ranges:   customer_no
-- grain:    funnel_no, customer_no, unit_no, step_no
-- columns:
--   funnel_no    integer  funnel
--   customer_no  integer  customer
--   unit_no      integer  session_no, number of the attempt, or 0 where customers are counted
--   step_no      integer  step
--   from_step    integer  step before; 0: the chain enters here
--   position     integer  place of the event among the customer's events
--   event_no     bigint   the event
--   occurred_us  bigint   when it happened, UTC microseconds
--   start_us     bigint   when the chain was entered
with recursive

-- What the best chains may have gone through: all that begins where they begin.
links as (

    select
        chain.funnel_no,
        chain.customer_no,
        chain.unit_no,
        chain.hold_no,
        chain.lane,
        chain.step_no,
        chain.from_step,
        chain.weight,
        chain.position,
        chain.event_no,
        chain.occurred_us,
        chain.place,
        chain.first_position,
        chain.last_position,
        chain.cut_key,
        chain.ends_place,
        chain.start_position,
        chain.start_us
    from funnel_chains as chain
    inner join funnel_units as unit
        on unit.funnel_no = chain.funnel_no
        and unit.customer_no = chain.customer_no
        and unit.unit_no = chain.unit_no
        and unit.hold_no = chain.hold_no
        and unit.start_position = chain.start_position
        and unit.from_step > 0
        and unit.step_no > chain.step_no
    where not chain.is_void

),

led as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        lane,
        step_no,
        from_step,
        weight,
        position,
        event_no,
        occurred_us,
        place,
        first_position,
        cut_key,
        start_position,
        start_us
    from funnel_units
    where from_step > 0 and funnel_no in (select funnel_no from asked_funnels where step_order <> 'any')
    union all
    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        lane,
        step_no,
        from_step,
        weight,
        position,
        event_no,
        occurred_us,
        place,
        first_position,
        cut_key,
        start_position,
        start_us
    from (
        select
            link.funnel_no,
            link.customer_no,
            link.unit_no,
            link.hold_no,
            link.lane,
            link.step_no,
            link.from_step,
            link.weight,
            link.position,
            link.event_no,
            link.occurred_us,
            link.place,
            link.first_position,
            link.cut_key,
            link.start_position,
            link.start_us,
            row_number() over (
                partition by link.funnel_no, link.customer_no, link.unit_no
                order by link.position, link.event_no
            ) as link_no
        from led
        inner join asked_funnels as funnel on funnel.funnel_no = led.funnel_no
        inner join asked_funnel_moves as move
            on move.funnel_no = led.funnel_no and move.from_step = led.from_step and move.weight = led.weight
        inner join links as link
            on link.funnel_no = led.funnel_no
            and link.customer_no = led.customer_no
            and link.unit_no = led.unit_no
            and link.hold_no = led.hold_no
            and link.lane = led.lane - led.weight
            and link.step_no = led.from_step
            and link.start_position = led.start_position
        where
            led.from_step > 0
            and 2 * case when move.is_timed then link.occurred_us else link.position end < led.cut_key
            and (move.max_us is null or led.occurred_us - link.occurred_us <= move.max_us)
            and (link.ends_place is null or link.ends_place >= led.place)
            and (funnel.step_order <> 'strict' or led.first_position <= link.last_position + 1)
    ) as linked
    where link_no = 1

),

gathered as (

    select
        unit.funnel_no,
        unit.customer_no,
        unit.unit_no,
        link.step_no,
        link.step_no - 1 as from_step,
        link.position,
        link.event_no,
        link.occurred_us,
        unit.start_us,
        row_number() over (
            partition by unit.funnel_no, unit.customer_no, unit.unit_no, link.step_no
            order by link.position
        ) as gathered_no
    from funnel_units as unit
    inner join asked_funnels as funnel on funnel.funnel_no = unit.funnel_no and funnel.step_order = 'any'
    inner join funnel_chains as link
        on link.funnel_no = unit.funnel_no
        and link.customer_no = unit.customer_no
        and link.unit_no = unit.unit_no
        and link.hold_no = unit.hold_no
        and link.step_no <= unit.step_no
        and link.start_position >= unit.start_position
        and link.position <= unit.position

),

-- Who only entered has no way to go back.
walked as (

    select funnel_no, customer_no, unit_no, from_step, weight, position, event_no, occurred_us, start_us
    from led
    union all
    select funnel_no, customer_no, unit_no, from_step, weight, position, event_no, occurred_us, start_us
    from funnel_units
    where from_step = 0 and funnel_no in (select funnel_no from asked_funnels where step_order <> 'any')

)

select
    walked.funnel_no,
    walked.customer_no,
    walked.unit_no,
    taken.step_no,
    walked.from_step,
    walked.position,
    walked.event_no,
    walked.occurred_us,
    walked.start_us
from walked
inner join asked_funnel_taken as taken
    on taken.funnel_no = walked.funnel_no
    and taken.from_step = walked.from_step
    and taken.weight = walked.weight
union all
select
    funnel_no,
    customer_no,
    unit_no,
    step_no,
    from_step,
    position,
    event_no,
    occurred_us,
    start_us
from gathered
where gathered_no = 1
