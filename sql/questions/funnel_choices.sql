-- One row per funnel and event that is a step of it, or an exclusion, with the unit that it belongs to.
--
-- An event in no session is in no unit where that is the session. Where the unit is the attempt, unit_no is 0
-- still: attempts are cut in funnel_attempts.
--
-- kind:     working
-- grain:    funnel_no, item_no, event_no
-- columns:
--   funnel_no      integer  funnel
--   item_no        integer  step or exclusion
--   is_exclusion   boolean  whether it ends an attempt; else it is a step
--   step_no        integer  the step; of an exclusion the step after which it ends an attempt
--   to_step        integer  the step; of an exclusion the step before which it does
--   customer_no    integer  customer
--   unit_no        integer  session_no where sessions are counted, NULL: it is in none; else 0
--   hold_no        integer  number of the value that is held; 0: none is, or an exclusion has none
--   position       integer  place among the customer's events
--   event_no       bigint   the event
--   occurred_us    bigint   when it happened, UTC microseconds
--   place          bigint   what orders it: its position, or its time, as the funnel takes ties
--   is_tied        boolean  whether the customer has another event at the same time
with

held as (

    select
        funnel.funnel_no,
        told.event_no,
        cast(dense_rank() over (partition by funnel.funnel_no order by told.value) as integer) as hold_no
    from asked_funnels as funnel
    inner join event_values as told on told.property_no = funnel.hold_no and told.value <> ''
    inner join (
        select distinct event_no
        from funnel_matches
        where exists (select 1 from asked_funnels where hold_no is not null)
    ) as matched on matched.event_no = told.event_no

),

scoped as (

    select distinct
        scope.group_no,
        matched.event_no
    from funnel_matches as matched
    inner join journey_steps as step
        on step.customer_no = matched.customer_no and step.event_no = matched.event_no
    inner join scoped_journeys as scope
        on scope.map_no = step.map_no
        and scope.customer_no = step.customer_no
        and scope.journey_no = step.journey_no

),

seen as (

    select
        funnel.funnel_no,
        matched.item_no,
        matched.event_no,
        matched.customer_no,
        matched.position,
        matched.occurred_us,
        matched.is_tied,
        matched.session_no
    from funnel_matches as matched
    cross join asked_funnels as funnel
    left join scoped on scoped.group_no = funnel.group_no and scoped.event_no = matched.event_no
    where funnel.group_no = 0 or scoped.event_no is not null

)

select
    seen.funnel_no,
    seen.item_no,
    role.is_exclusion,
    role.from_step as step_no,
    role.to_step,
    seen.customer_no,
    case when funnel.unit = 'session' then seen.session_no else 0 end as unit_no,
    coalesce(held.hold_no, 0) as hold_no,
    seen.position,
    seen.event_no,
    seen.occurred_us,
    case when funnel.ties = 'position' then cast(seen.position as bigint) else seen.occurred_us end as place,
    seen.is_tied
from seen
inner join asked_funnels as funnel on funnel.funnel_no = seen.funnel_no
inner join asked_funnel_roles as role on role.funnel_no = seen.funnel_no and role.item_no = seen.item_no
left join held on held.funnel_no = seen.funnel_no and held.event_no = seen.event_no
where
    (funnel.hold_no is null or role.is_exclusion or held.hold_no is not null)
    and (not funnel.is_cut or funnel.to_us is null or seen.occurred_us < funnel.to_us)
