-- One row per move of a funnel and event that could be its second step, with what may be its first.
--
-- An event that may be one of several steps follows earlier times only; where several events of one
-- moment are several steps, that is a move of its own.
--
-- kind:     view
-- grain:    funnel_no, customer_no, unit_no, hold_no, from_step, step_no, position
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

moved as (

    select
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.step_no,
        placed.position,
        placed.event_no,
        placed.occurred_us,
        placed.place,
        placed.first_position,
        placed.last_position,
        placed.ends_place,
        placed.ends_us,
        placed.is_contested,
        move.from_step,
        move.weight,
        move.steps,
        move.min_us,
        move.max_us,
        move.is_timed
    from funnel_places as placed
    inner join asked_funnel_moves as move
        on move.funnel_no = placed.funnel_no
        and move.from_step > 0
        and move.to_step = placed.step_no
        and move.steps = 1
    union all
    select
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.step_no,
        placed.position,
        placed.event_no,
        placed.occurred_us,
        placed.place,
        placed.first_position,
        placed.last_position,
        placed.ends_place,
        placed.ends_us,
        true as is_contested,
        move.from_step,
        move.weight,
        move.steps,
        move.min_us,
        move.max_us,
        move.is_timed
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
    where span.from_step > 0

)

select
    moved.funnel_no,
    moved.customer_no,
    moved.unit_no,
    moved.hold_no,
    moved.from_step,
    moved.step_no,
    moved.weight,
    moved.steps,
    moved.position,
    moved.event_no,
    moved.occurred_us,
    moved.place,
    moved.first_position,
    moved.last_position,
    moved.ends_place,
    moved.ends_us,
    1 + 2 * case
        when not moved.is_timed then moved.position - case when funnel.is_shared then 0 else 1 end
        when moved.min_us > 0 then moved.occurred_us - moved.min_us
        when funnel.ties = 'increasing' or moved.is_contested then moved.occurred_us - 1
        else moved.occurred_us + funnel.grace_us
    end as cut_key,
    moved.max_us,
    funnel.within_us,
    funnel.step_order = 'strict' as is_strict
from moved
inner join asked_funnels as funnel on funnel.funnel_no = moved.funnel_no and funnel.step_order <> 'any'
