-- One row per funnel whose steps come in any order, event and number of steps done by it.
--
-- Of the windows that end with the event and hold that many steps, the one with the latest entry counts.
-- An event may be one of several steps: then every set of steps must have as many events as are needed
-- of it (asked_funnel_sets). Otherwise a step counts from its last event.
--
-- kind:     working
-- grain:    funnel_no, customer_no, unit_no, hold_no, step_no, position
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   unit_no         integer  session_no, number of the attempt, or 0 where customers are counted
--   hold_no         integer  number of the value that is held; 0: none is
--   lane            bigint   which steps it takes, and which at one moment: see asked_funnel_moves.weight
--   taken           integer  how many steps it takes
--   step_no         integer  how many steps are done
--   from_step       integer  one less
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
with

lined as (

    select
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.step_no,
        placed.position,
        placed.position as found_position,
        0 as is_target
    from funnel_places as placed
    inner join asked_funnels as funnel
        on funnel.funnel_no = placed.funnel_no
        and funnel.step_order = 'any'
        and (funnel.is_shared or not funnel.is_contested)
        and (placed.step_no > 1 or not funnel.is_anchored)
    union all
    select
        entered.funnel_no,
        entered.customer_no,
        entered.unit_no,
        entered.hold_no,
        step.step_no,
        entered.position,
        null,
        1 as is_target
    from funnel_openings as entered
    inner join asked_funnel_steps as step
        on step.funnel_no = entered.funnel_no and (step.step_no > 1 or not entered.is_anchored)
    where not entered.is_contested

),

latest as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        step_no,
        position,
        is_target,
        max(found_position) over (
            partition by funnel_no, customer_no, unit_no, hold_no, step_no
            order by position, is_target
            rows between unbounded preceding and current row
        ) as found_position
    from lined

),

done as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        position,
        found_position,
        row_number() over (
            partition by funnel_no, customer_no, unit_no, hold_no, position
            order by found_position desc, step_no
        ) as done
    from latest
    where is_target = 1 and found_position is not null
    union all
    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        position,
        found_position,
        done
    from funnel_contests

),

opened as (

    select
        entered.funnel_no,
        entered.customer_no,
        entered.unit_no,
        entered.hold_no,
        case when entered.is_anchored then 1 + done.done else done.done end as step_no,
        entered.position,
        case when entered.is_anchored then found.earlier_position else found.entry_position end as start_position
    from done
    inner join funnel_openings as entered
        on entered.funnel_no = done.funnel_no
        and entered.customer_no = done.customer_no
        and entered.unit_no = done.unit_no
        and entered.hold_no = done.hold_no
        and entered.position = done.position
    inner join funnel_openings as found
        on found.funnel_no = done.funnel_no
        and found.customer_no = done.customer_no
        and found.unit_no = done.unit_no
        and found.hold_no = done.hold_no
        and found.position = done.found_position
    union all
    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        1 as step_no,
        position,
        position as start_position
    from funnel_openings as entered
    where is_anchored and is_entry

)

select
    opened.funnel_no,
    opened.customer_no,
    opened.unit_no,
    opened.hold_no,
    cast(0 as bigint) as lane,
    cast(opened.step_no as integer) as taken,
    cast(opened.step_no as integer) as step_no,
    cast(opened.step_no - 1 as integer) as from_step,
    cast(0 as bigint) as weight,
    opened.position,
    ended.event_no,
    ended.occurred_us,
    ended.place,
    opened.position as first_position,
    opened.position as last_position,
    cast(null as bigint) as cut_key,
    ended.ends_place,
    ended.ends_us,
    opened.start_position,
    started.occurred_us as start_us,
    false as is_void
from opened
inner join funnel_openings as ended
    on ended.funnel_no = opened.funnel_no
    and ended.customer_no = opened.customer_no
    and ended.unit_no = opened.unit_no
    and ended.hold_no = opened.hold_no
    and ended.position = opened.position
inner join funnel_openings as started
    on started.funnel_no = opened.funnel_no
    and started.customer_no = opened.customer_no
    and started.unit_no = opened.unit_no
    and started.hold_no = opened.hold_no
    and started.position = opened.start_position
where
    opened.start_position is not null
    and (ended.within_us is null or ended.occurred_us - started.occurred_us <= ended.within_us)
    and (started.ends_place is null or started.ends_place >= ended.place)
