-- One row per customer and stage of a map: the time spent there, and the support contacts meanwhile.
--
-- A journey is at a stage from its first step there to its first step at another. At its last stage it
-- stays until its last step or, while it still goes on, until the as-of moment. Stage 0: no stage yet. Only
-- where something is declared to be support.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, customer_no, stage_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   stage_no     integer  stage
--   exposure_us  bigint   time spent there, microseconds
--   contacts     bigint   support contacts
with

supported as (

    select count(*) as touchpoints
    from kpi_roles
    where role = 'support'

),

passed as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        step.previous_stage_no as stage_no,
        sum(step.stage_gap_us) as exposure_us,
        max(step.occurred_us) as staged_us
    from journey_steps as step
    inner join supported on supported.touchpoints > 0
    where step.stage_no is not null
    group by step.map_no, step.customer_no, step.journey_no, step.previous_stage_no

),

lasting as (

    select
        passed.map_no,
        passed.customer_no,
        fact.last_stage_no as stage_no,
        max(case when not fact.is_closed then as_of.as_of_us else fact.ended_us end) - max(passed.staged_us)
            as exposure_us
    from passed
    inner join journey_facts as fact
        on fact.map_no = passed.map_no
        and fact.customer_no = passed.customer_no
        and fact.journey_no = passed.journey_no
    cross join as_of
    group by passed.map_no, passed.customer_no, passed.journey_no, fact.last_stage_no

),

contacted as (

    select
        step.map_no,
        step.customer_no,
        coalesce(step.stage_no, step.previous_stage_no, 0) as stage_no,
        count(*) as contacts
    from journey_steps as step
    where step.event_no in (select contact.event_no from contacts as contact where contact.kind = 'support')
    group by step.map_no, step.customer_no, coalesce(step.stage_no, step.previous_stage_no, 0)

),

gathered as (

    select map_no, customer_no, stage_no, exposure_us, 0 as contacts
    from passed
    where stage_no is not null
    union all
    select map_no, customer_no, stage_no, exposure_us, 0
    from lasting
    union all
    select map_no, customer_no, stage_no, 0, contacts
    from contacted

)

select
    map_no,
    customer_no,
    stage_no,
    cast(sum(exposure_us) as bigint) as exposure_us,
    cast(sum(contacts) as bigint) as contacts
from gathered
group by map_no, customer_no, stage_no
