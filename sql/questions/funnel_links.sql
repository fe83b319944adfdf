-- One row per unit, move of a funnel and event that could be its second step.
--
-- An event belongs to the attempt that began last before it, or at its place.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    funnel_no, customer_no, unit_no, hold_no, from_step, weight, position
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   unit_no         integer  session_no, number of the attempt, or 0 where customers are counted
--   hold_no         integer  number of the value that is held; 0: none is
--   from_step       integer  step before
--   step_no         integer  step
--   weight          bigint   what it adds to the lane of a chain
--   steps           integer  how many steps are taken by it
--   position        integer  place among the customer's events
--   event_no        bigint   the event
--   occurred_us     bigint   when it happened, UTC microseconds
--   place           bigint   what orders it: its position or its time
--   first_position  integer  first position of its place
--   last_position   integer  last position of its place
--   ends_place      bigint   place of the next exclusion that ends an attempt here; NULL: none
--   ends_us         bigint   time of that exclusion
--   cut_key         bigint   steps before it have a smaller key: twice their time, or position
--   max_us          bigint   longest time since the step before; NULL: no limit
--   within_us       bigint   longest time since the entry; NULL: no limit
--   is_strict       boolean  whether no event may lie between
with

lined as (

    select
        offer.funnel_no,
        offer.customer_no,
        offer.hold_no,
        offer.from_step,
        offer.step_no,
        offer.weight,
        offer.steps,
        offer.position,
        offer.event_no,
        offer.occurred_us,
        offer.place,
        offer.first_position,
        offer.last_position,
        offer.ends_place,
        offer.ends_us,
        offer.cut_key,
        offer.max_us,
        offer.within_us,
        offer.is_strict,
        cast(null as integer) as start_position
    from funnel_offers as offer
    inner join asked_funnels as funnel on funnel.funnel_no = offer.funnel_no and funnel.unit = 'attempt'
    union all
    select
        funnel_no,
        customer_no,
        hold_no,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        start_place,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        start_position
    from funnel_attempts

),

belonging as (

    select
        funnel_no,
        customer_no,
        hold_no,
        from_step,
        step_no,
        weight,
        steps,
        position,
        event_no,
        occurred_us,
        place,
        first_position,
        last_position,
        ends_place,
        ends_us,
        cut_key,
        max_us,
        within_us,
        is_strict,
        last_value(start_position ignore nulls) over (
            partition by funnel_no, customer_no, hold_no
            order by place, case when start_position is null then 1 else 0 end, position
            rows between unbounded preceding and current row
        ) as unit_no
    from lined

)

select
    offer.funnel_no,
    offer.customer_no,
    offer.unit_no,
    offer.hold_no,
    offer.from_step,
    offer.step_no,
    offer.weight,
    offer.steps,
    offer.position,
    offer.event_no,
    offer.occurred_us,
    offer.place,
    offer.first_position,
    offer.last_position,
    offer.ends_place,
    offer.ends_us,
    offer.cut_key,
    offer.max_us,
    offer.within_us,
    offer.is_strict
from funnel_offers as offer
inner join asked_funnels as funnel on funnel.funnel_no = offer.funnel_no and funnel.unit <> 'attempt'
union all
select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    from_step,
    step_no,
    weight,
    steps,
    position,
    event_no,
    occurred_us,
    place,
    first_position,
    last_position,
    ends_place,
    ends_us,
    cut_key,
    max_us,
    within_us,
    is_strict
from belonging
where from_step is not null and unit_no is not null
