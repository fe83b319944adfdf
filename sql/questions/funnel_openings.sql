-- One row per funnel whose steps come in any order and event that is a step, with the entries up to it.
--
-- grain:    funnel_no, customer_no, unit_no, hold_no, position
-- columns:
--   funnel_no         integer  funnel
--   customer_no       integer  customer
--   unit_no           integer  unit
--   hold_no           integer  number of the value that is held; 0: none is
--   position          integer  place among the customer's events
--   event_no          bigint   the event
--   occurred_us       bigint   when it happened, UTC microseconds
--   place             bigint   what orders it: its position or its time
--   ends_place        bigint   place of the next exclusion; NULL: none
--   ends_us           bigint   time of that exclusion
--   is_anchored       boolean  whether the first step comes first
--   is_contested      boolean  whether an event may be one of several steps
--   steps             integer  number of the last step
--   within_us         bigint   longest time from the entry; NULL: no limit
--   is_entry          boolean  whether the funnel may be entered here
--   entry_position    integer  last place up to here at which it may be; NULL: none
--   earlier_position  integer  last place before here at which it may be; NULL: none
with

hits as (

    select
        placed.funnel_no,
        placed.customer_no,
        placed.unit_no,
        placed.hold_no,
        placed.position,
        placed.event_no,
        placed.occurred_us,
        placed.place,
        placed.ends_place,
        placed.ends_us,
        funnel.is_anchored,
        funnel.is_contested and not funnel.is_shared as is_contested,
        funnel.reentry,
        funnel.steps,
        funnel.within_us,
        (funnel.from_us is null or placed.occurred_us >= funnel.from_us)
        and (funnel.to_us is null or placed.occurred_us < funnel.to_us)
        and (placed.step_no = 1 or not funnel.is_anchored) as may_enter
    from funnel_places as placed
    inner join asked_funnels as funnel on funnel.funnel_no = placed.funnel_no and funnel.step_order = 'any'

),

firsts as (

    select
        funnel_no,
        customer_no,
        unit_no,
        min(position) as position
    from hits
    where may_enter and reentry = 'first'
    group by funnel_no, customer_no, unit_no

),

events as (

    select
        hits.funnel_no,
        hits.customer_no,
        hits.unit_no,
        hits.hold_no,
        hits.position,
        max(hits.event_no) as event_no,
        max(hits.occurred_us) as occurred_us,
        max(hits.place) as place,
        min(hits.ends_place) as ends_place,
        min(hits.ends_us) as ends_us,
        bool_or(hits.is_anchored) as is_anchored,
        bool_or(hits.is_contested) as is_contested,
        max(hits.steps) as steps,
        max(hits.within_us) as within_us,
        bool_or(hits.may_enter and (hits.reentry = 'best' or firsts.position is not null)) as is_entry
    from hits
    left join firsts
        on firsts.funnel_no = hits.funnel_no
        and firsts.customer_no = hits.customer_no
        and firsts.unit_no = hits.unit_no
        and firsts.position = hits.position
    group by hits.funnel_no, hits.customer_no, hits.unit_no, hits.hold_no, hits.position

)

select
    funnel_no,
    customer_no,
    unit_no,
    hold_no,
    position,
    event_no,
    occurred_us,
    place,
    ends_place,
    ends_us,
    is_anchored,
    is_contested,
    steps,
    within_us,
    is_entry,
    max(case when is_entry then position end) over upto as entry_position,
    max(case when is_entry then position end) over earlier as earlier_position
from events
window
    upto as (
        partition by funnel_no, customer_no, unit_no, hold_no
        order by position
        rows between unbounded preceding and current row
    ),
    earlier as (
        partition by funnel_no, customer_no, unit_no, hold_no
        order by position
        rows between unbounded preceding and 1 preceding
    )
