-- One row per unit of a funnel, part and step that it may reach, with the time until it does.
--
-- kind:     view
-- grain:    funnel_no, part_no, step_no, since, customer_no, unit_no
-- columns:
--   funnel_no    integer  funnel
--   part_no      integer  part
--   step_no      integer  step, from the second one
--   since        varchar  what the time is counted from: entry, or step: the needed step before
--   customer_no  integer  customer
--   unit_no      integer  unit
--   outcome      integer  1: reached; 2: an exclusion came first; 3: over for good, where no window says
--                when; 0: not reached as long as it was watched
--   duration_us  bigint   time until then; one more than the window where that ended without the step
--   is_whole     boolean  whether as much time has passed as the window is long
with

begun as (

    select
        member.funnel_no,
        member.part_no,
        member.customer_no,
        member.unit_no,
        member.status,
        member.step_no as furthest_no,
        member.occurred_us as furthest_us,
        member.start_us,
        member.last_start_us,
        member.ended_us,
        step.step_no,
        step.before_no,
        funnel.within_us
    from funnel_members as member
    inner join asked_funnels as funnel on funnel.funnel_no = member.funnel_no
    inner join asked_funnel_steps as step on step.funnel_no = member.funnel_no and step.step_no > 1
    where member.step_no > 0

),

beginnings as (

    select 'entry' as since
    union all
    select 'step'

),

timed as (

    select
        begun.funnel_no,
        begun.part_no,
        begun.step_no,
        beginnings.since,
        begun.customer_no,
        begun.unit_no,
        begun.status,
        begun.furthest_no,
        begun.furthest_us,
        begun.last_start_us,
        begun.ended_us,
        begun.within_us,
        case beginnings.since when 'entry' then begun.start_us else before.occurred_us end as since_us,
        reached.occurred_us as reached_us
    from begun
    left join funnel_reached as before
        on before.funnel_no = begun.funnel_no
        and before.customer_no = begun.customer_no
        and before.unit_no = begun.unit_no
        and before.step_no = begun.before_no
    left join funnel_reached as reached
        on reached.funnel_no = begun.funnel_no
        and reached.customer_no = begun.customer_no
        and reached.unit_no = begun.unit_no
        and reached.step_no = begun.step_no
    cross join beginnings

),

judged as (

    select
        timed.funnel_no,
        timed.part_no,
        timed.step_no,
        timed.since,
        timed.customer_no,
        timed.unit_no,
        case
            when timed.reached_us is not null then 1
            when timed.furthest_no > timed.step_no then 3
            when timed.status = 'open' then 0
            when timed.ended_us is not null then 2
            when timed.within_us is null then 3
            else 0
        end as outcome,
        case
            when timed.reached_us is not null then timed.reached_us - timed.since_us
            when timed.furthest_no > timed.step_no then timed.furthest_us - timed.since_us
            when timed.status = 'open' then as_of.as_of_us - greatest(timed.last_start_us, timed.since_us)
            when timed.ended_us is not null then timed.ended_us - timed.since_us
            when timed.within_us is null then timed.furthest_us - timed.since_us
            else timed.within_us + 1
        end as duration_us,
        coalesce(
            as_of.as_of_us
            - case when timed.status = 'open' and timed.reached_us is null
                then greatest(timed.last_start_us, timed.since_us) else timed.since_us end
            >= timed.within_us,
            false
        ) as is_whole
    from timed
    cross join as_of
    where timed.since_us is not null

)

select
    funnel_no,
    part_no,
    step_no,
    since,
    customer_no,
    unit_no,
    outcome,
    greatest(duration_us, 0) as duration_us,
    is_whole
from judged
