-- One row per unit and event by which it enters a funnel and from which a chain may lead on.
--
-- Where no event may be several steps, of the entries before a link only the last one matters: whatever
-- an earlier one can reach in time, it can reach too.
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

plain as (

    select funnel_no
    from asked_funnels
    where not is_contested

),

lined as (

    select
        entry.funnel_no,
        entry.customer_no,
        entry.unit_no,
        entry.hold_no,
        move.from_step,
        move.to_step,
        move.weight,
        entry.position,
        2 * case when move.is_timed then entry.occurred_us else entry.position end as order_key,
        false as is_link
    from funnel_starts as entry
    inner join plain on plain.funnel_no = entry.funnel_no
    inner join asked_funnel_moves as move on move.funnel_no = entry.funnel_no and move.from_step = entry.step_no
    inner join (
        select distinct funnel_no, customer_no, unit_no, hold_no, from_step
        from funnel_links
    ) as going
        on going.funnel_no = entry.funnel_no
        and going.customer_no = entry.customer_no
        and going.unit_no = entry.unit_no
        and going.hold_no = entry.hold_no
        and going.from_step = entry.step_no
    union all
    select
        link.funnel_no,
        link.customer_no,
        link.unit_no,
        link.hold_no,
        link.from_step,
        link.step_no,
        link.weight,
        link.position,
        link.cut_key,
        true
    from funnel_links as link
    inner join plain on plain.funnel_no = link.funnel_no

),

followed as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        from_step,
        position,
        is_link,
        lead(is_link) over (
            partition by funnel_no, customer_no, unit_no, hold_no, from_step, to_step, weight
            order by order_key, position
        ) as is_before_link
    from lined

),

onward as (

    select funnel_no, customer_no, unit_no, hold_no, from_step, position
    from followed
    where is_before_link and not is_link
    union
    select funnel_no, customer_no, unit_no, hold_no, step_no, position
    from funnel_starts
    where funnel_no not in (select funnel_no from plain)

)

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
from funnel_starts as entry
inner join onward
    on onward.funnel_no = entry.funnel_no
    and onward.customer_no = entry.customer_no
    and onward.unit_no = entry.unit_no
    and onward.hold_no = entry.hold_no
    and onward.from_step = entry.step_no
    and onward.position = entry.position
