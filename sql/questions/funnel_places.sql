-- One row per funnel, step and event, with its neighbours in time and the exclusion that comes next.
--
-- kind:     working
-- grain:    funnel_no, customer_no, unit_no, hold_no, step_no, position
-- columns:
--   funnel_no       integer  funnel
--   customer_no     integer  customer
--   unit_no         integer  session_no where sessions are counted, else 0
--   hold_no         integer  number of the value that is held; 0: none is
--   step_no         integer  step
--   position        integer  place among the customer's events
--   event_no        bigint   the event
--   occurred_us     bigint   when it happened, UTC microseconds
--   place           bigint   what orders it: its position or its time
--   first_position  integer  first position of its place: of its time, where time orders
--   last_position   integer  last position of its place
--   ends_place      bigint   place of the next exclusion that ends an attempt at this step; NULL: none, or
--                   strict order is broken before
--   ends_us         bigint   time of that exclusion
--   is_contested    boolean  whether an event of its time may be several steps, where each is one only
with

tied as (

    select
        customer_no,
        occurred_us,
        min(position) as first_position,
        max(position) as last_position
    from ordered_events
    where
        is_tied
        and exists (select 1 from asked_funnels where step_order = 'strict' and ties <> 'position')
    group by customer_no, occurred_us

),

bounded as (

    select
        hit.funnel_no,
        hit.is_exclusion,
        hit.customer_no,
        hit.unit_no,
        hit.hold_no,
        hit.step_no,
        hit.to_step,
        hit.position,
        hit.event_no,
        hit.occurred_us,
        hit.place,
        case when funnel.ties = 'position' then hit.position else coalesce(tied.first_position, hit.position) end as first_position,
        case when funnel.ties = 'position' then hit.position else coalesce(tied.last_position, hit.position) end as last_position,
        funnel.step_order = 'strict' as is_strict
    from funnel_hits as hit
    inner join asked_funnels as funnel on funnel.funnel_no = hit.funnel_no
    left join tied on hit.is_tied and tied.customer_no = hit.customer_no and tied.occurred_us = hit.occurred_us

),

excluding as (

    select
        role.funnel_no,
        step.step_no
    from asked_funnel_roles as role
    inner join asked_funnel_steps as step
        on step.funnel_no = role.funnel_no and step.step_no >= role.from_step and step.step_no < role.to_step
    where role.is_exclusion
    group by role.funnel_no, step.step_no

),

units as (

    select distinct
        funnel_no,
        customer_no,
        unit_no,
        hold_no
    from funnel_hits
    where not is_exclusion and funnel_no in (select funnel_no from excluding)

),

lined as (

    select
        hit.funnel_no,
        hit.customer_no,
        hit.unit_no,
        hit.hold_no,
        hit.step_no,
        hit.position,
        hit.event_no,
        hit.occurred_us,
        hit.place,
        hit.first_position,
        hit.last_position,
        hit.is_strict,
        1 as is_step
    from bounded as hit
    inner join excluding on excluding.funnel_no = hit.funnel_no and excluding.step_no = hit.step_no
    where not hit.is_exclusion
    union all
    select
        hit.funnel_no,
        hit.customer_no,
        hit.unit_no,
        unit.hold_no,
        step.step_no,
        hit.position,
        hit.event_no,
        hit.occurred_us,
        hit.place,
        hit.first_position,
        hit.last_position,
        hit.is_strict,
        0 as is_step
    from bounded as hit
    inner join asked_funnel_steps as step
        on step.funnel_no = hit.funnel_no and step.step_no >= hit.step_no and step.step_no < hit.to_step
    inner join units as unit
        on unit.funnel_no = hit.funnel_no and unit.customer_no = hit.customer_no and unit.unit_no = hit.unit_no
    where hit.is_exclusion

),

followed as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        step_no,
        position,
        event_no,
        occurred_us,
        place,
        first_position,
        last_position,
        is_strict,
        is_step,
        min(case when is_step = 0 then place end) over later as ends_place,
        min(case when is_step = 0 then occurred_us end) over later as ends_us,
        min(case when is_step = 0 then first_position end) over later as ends_position
    from lined
    window later as (
        partition by funnel_no, customer_no, unit_no, hold_no, step_no
        order by place, is_step, position
        rows between 1 following and unbounded following
    )

),

placed as (

    select
        funnel_no,
        customer_no,
        unit_no,
        hold_no,
        step_no,
        position,
        event_no,
        occurred_us,
        place,
        first_position,
        last_position,
        case when not is_strict or ends_position <= last_position + 1 then ends_place end as ends_place,
        case when not is_strict or ends_position <= last_position + 1 then ends_us end as ends_us
    from followed
    where is_step = 1
    union all
    select
        hit.funnel_no,
        hit.customer_no,
        hit.unit_no,
        hit.hold_no,
        hit.step_no,
        hit.position,
        hit.event_no,
        hit.occurred_us,
        hit.place,
        hit.first_position,
        hit.last_position,
        null,
        null
    from bounded as hit
    left join excluding on excluding.funnel_no = hit.funnel_no and excluding.step_no = hit.step_no
    where not hit.is_exclusion and excluding.step_no is null

),

contested as (

    select distinct
        shared.funnel_no,
        shared.customer_no,
        shared.unit_no,
        shared.hold_no,
        shared.occurred_us
    from (
        select
            hit.funnel_no,
            hit.customer_no,
            hit.unit_no,
            hit.hold_no,
            hit.occurred_us,
            hit.position
        from funnel_hits as hit
        inner join asked_funnels as funnel
            on funnel.funnel_no = hit.funnel_no
            and funnel.is_contested
            and not funnel.is_shared
            and funnel.ties = 'any'
            and funnel.step_order <> 'any'
        where not hit.is_exclusion
        group by
            hit.funnel_no,
            hit.customer_no,
            hit.unit_no,
            hit.hold_no,
            hit.occurred_us,
            hit.position
        having count(*) > 1
    ) as shared

)

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
    contested.customer_no is not null as is_contested
from placed
left join contested
    on contested.funnel_no = placed.funnel_no
    and contested.customer_no = placed.customer_no
    and contested.unit_no = placed.unit_no
    and contested.hold_no = placed.hold_no
    and contested.occurred_us = placed.occurred_us
