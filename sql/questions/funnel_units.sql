-- One row per unit that enters a funnel: how far its best chain led, and what became of it.
--
-- The best chain is the one that leads furthest; of several, the one that is there first or, in a funnel
-- that may be entered anywhere, the one that takes most steps.
-- converted: it led to the last step. open: a chain of the unit may still go on. excluded: an exclusion
-- ended the best chain within the window. dropped: none of these.
--
-- ranges:   customer_no
-- grain:    funnel_no, customer_no, unit_no
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   unit_no         integer  session_no, number of the attempt, or 0 where customers are counted
--   hold_no         integer  number of the value that is held; 0: none is
--   status          varchar  converted, open, excluded or dropped
--   step_no         integer  furthest step; 0: an exclusion drops it from every step
--   lane            bigint   which steps the best chain takes: see asked_funnel_moves.weight
--   from_step       integer  step before the furthest one; 0: none
--   weight          bigint   move that leads to it: see asked_funnel_moves
--   position        integer  place of the furthest step among the customer's events
--   event_no        bigint   its event
--   occurred_us     bigint   its time
--   place           bigint   what orders it: its position or its time
--   first_position  integer  first position of its place
--   cut_key         bigint   links to it have a smaller key
--   start_position  integer  place of the entry among the customer's events
--   start_us        bigint   time of the entry
--   last_start_us   bigint   time of the unit's last entry
--   ended_us        bigint   time of the exclusion that ended the best chain; NULL: none did
with

judged as (

    select
        chain.funnel_no,
        chain.customer_no,
        chain.unit_no,
        chain.hold_no,
        chain.lane,
        chain.taken,
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
        chain.start_position,
        chain.start_us,
        chain.ends_us,
        chain.is_void or (
            funnel.has_drops
            and chain.ends_us is not null
            and (funnel.within_us is null or chain.ends_us - chain.start_us <= funnel.within_us)
        ) as is_void,
        funnel.counts_open
        and not chain.is_void
        and chain.step_no < funnel.steps
        and chain.ends_us is null
        and (funnel.within_us is null or chain.start_us + funnel.within_us > as_of.as_of_us)
        and broken.stop_key is null
        and (step.leave_us is null or chain.occurred_us + step.leave_us > as_of.as_of_us)
        and not (funnel.is_cut and coalesce(funnel.to_us <= as_of.as_of_us, false)) as may_go_on,
        funnel.unit = 'session' as is_session,
        funnel.step_order = 'strict' as is_strict
    from funnel_chains as chain
    inner join asked_funnels as funnel on funnel.funnel_no = chain.funnel_no
    inner join asked_funnel_steps as step on step.funnel_no = chain.funnel_no and step.step_no = chain.step_no
    left join funnel_breaks as broken
        on broken.funnel_no = chain.funnel_no
        and broken.customer_no = chain.customer_no
        and broken.unit_no = chain.unit_no
        and broken.hold_no = chain.hold_no
    cross join as_of
    where broken.stop_key is null or 128 * chain.place + 2 * chain.step_no < broken.stop_key

),

-- Read only where a funnel is strict: there any event ends a chain.
watched_events as (

    select
        event.customer_no,
        event.position
    from ordered_events as event
    cross join as_of
    where
        event.occurred_us <= as_of.as_of_us
        and exists (select 1 from asked_funnels where step_order = 'strict')

),

going as (

    select distinct
        judged.funnel_no,
        judged.customer_no,
        judged.unit_no
    from judged
    left join open_sessions as session
        on judged.is_session
        and session.customer_no = judged.customer_no
        and session.session_no = judged.unit_no
    left join watched_events as later
        on judged.is_strict
        and later.customer_no = judged.customer_no
        and later.position = judged.last_position + 1
    where
        judged.may_go_on
        and (not judged.is_session or session.session_no is not null)
        and later.position is null

),

furthest as (

    select
        funnel_no,
        customer_no,
        unit_no,
        coalesce(max(case when not is_void then step_no end), 0) as step_no,
        coalesce(max(case when is_void then step_no end), 0) as void_step_no,
        max(start_us) as last_start_us
    from judged
    group by funnel_no, customer_no, unit_no

),

ranked as (

    select
        furthest.funnel_no,
        furthest.customer_no,
        furthest.unit_no,
        judged.hold_no,
        judged.lane,
        judged.step_no,
        judged.from_step,
        judged.weight,
        judged.position,
        judged.event_no,
        judged.occurred_us,
        judged.place,
        judged.first_position,
        judged.cut_key,
        judged.start_position,
        judged.start_us,
        judged.ends_us,
        row_number() over (
            partition by furthest.funnel_no, furthest.customer_no, furthest.unit_no
            order by
                case when funnel.is_open then - judged.taken else 0 end,
                judged.place,
                judged.start_us desc,
                judged.lane desc,
                judged.position,
                judged.hold_no
        ) as rank_no
    from furthest
    inner join asked_funnels as funnel on funnel.funnel_no = furthest.funnel_no
    inner join judged
        on judged.funnel_no = furthest.funnel_no
        and judged.customer_no = furthest.customer_no
        and judged.unit_no = furthest.unit_no
        and judged.step_no = furthest.step_no
        and not judged.is_void
    where not (funnel.has_drops and furthest.void_step_no > furthest.step_no)

)

select
    furthest.funnel_no,
    furthest.customer_no,
    furthest.unit_no,
    coalesce(best.hold_no, 0) as hold_no,
    case
        when best.step_no is null then 'excluded'
        when best.step_no = funnel.steps then 'converted'
        when going.customer_no is not null then 'open'
        when best.ends_us is not null and (funnel.within_us is null or best.ends_us - best.start_us <= funnel.within_us)
            then 'excluded'
        else 'dropped'
    end as status,
    coalesce(best.step_no, 0) as step_no,
    coalesce(best.lane, 0) as lane,
    best.from_step,
    best.weight,
    best.position,
    best.event_no,
    best.occurred_us,
    best.place,
    best.first_position,
    best.cut_key,
    best.start_position,
    best.start_us,
    furthest.last_start_us,
    case
        when best.step_no < funnel.steps and (funnel.within_us is null or best.ends_us - best.start_us <= funnel.within_us)
            then best.ends_us
    end as ended_us
from furthest
inner join asked_funnels as funnel on funnel.funnel_no = furthest.funnel_no
left join ranked as best
    on best.funnel_no = furthest.funnel_no
    and best.customer_no = furthest.customer_no
    and best.unit_no = furthest.unit_no
    and best.rank_no = 1
left join going
    on going.funnel_no = furthest.funnel_no
    and going.customer_no = furthest.customer_no
    and going.unit_no = furthest.unit_no
