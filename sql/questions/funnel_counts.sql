-- One row per funnel, part and step: how many units reach it, and what becomes of those who stay there.
--
-- reached = went further + converted + dropped + open + excluded.
--
-- grain:    funnel_no, part_no, step_no
-- columns:
--   funnel_no    integer  funnel
--   part_no      integer  part
--   part         varchar  all, a value of the breakdown, or (other)
--   step_no      integer  step
--   step         varchar  its name; of steps in any order, how many of them are done
--   is_optional  boolean  whether the funnel goes on without it
--   entered      bigint   units that enter the funnel
--   before       bigint   of them, those that reach the needed step before; NULL: there is none
--   reached      bigint   those that reach this step
--   reached_after  bigint  of those that reach the needed step before, those that reach this one
--   converted    bigint   those whose chain is complete here
--   dropped      bigint   those that get no further
--   open         bigint   those that get no further yet
--   excluded     bigint   those that an exclusion ends here
--   median_us    double   median time from the needed step before, of those that reach both
--   p90_us       bigint   time within which nine of ten of them do
--   entry_median_us  double  median time from the entry, of those that reach this step
--   entry_p90_us  bigint   time within which nine of ten of them do
with

reached as (

    select
        funnel_no,
        0 as part_no,
        step_no,
        count(*) as reached
    from funnel_reached
    group by funnel_no, step_no
    union all
    select
        member.funnel_no,
        member.part_no,
        reached.step_no,
        count(*) as reached
    from funnel_members as member
    inner join funnel_reached as reached
        on reached.funnel_no = member.funnel_no
        and reached.customer_no = member.customer_no
        and reached.unit_no = member.unit_no
    where member.part_no > 0
    group by member.funnel_no, member.part_no, reached.step_no

),

stayed as (

    select
        funnel_no,
        part_no,
        step_no,
        count(*) as units,
        count(case when status = 'converted' then 1 end) as converted,
        count(case when status = 'dropped' then 1 end) as dropped,
        count(case when status = 'open' then 1 end) as open,
        count(case when status = 'excluded' then 1 end) as excluded
    from funnel_members
    group by funnel_no, part_no, step_no

),

entered as (

    select
        funnel_no,
        part_no,
        cast(sum(units) as bigint) as entered
    from stayed
    where step_no > 0
    group by funnel_no, part_no

)

select
    part.funnel_no,
    part.part_no,
    part.part,
    step.step_no,
    step.step,
    step.is_optional,
    coalesce(entered.entered, 0) as entered,
    case when step.before_no is not null then coalesce(before.reached, 0) end as before,
    coalesce(reached.reached, 0) as reached,
    case when step.before_no is not null then coalesce(since_step.units, 0) end as reached_after,
    coalesce(stayed.converted, 0) as converted,
    coalesce(stayed.dropped, 0) as dropped,
    coalesce(stayed.open, 0) as open,
    coalesce(stayed.excluded, 0) as excluded,
    since_step.median_us,
    since_step.p90_us,
    since_entry.median_us as entry_median_us,
    since_entry.p90_us as entry_p90_us
from funnel_parts as part
inner join asked_funnel_steps as step on step.funnel_no = part.funnel_no
left join entered on entered.funnel_no = part.funnel_no and entered.part_no = part.part_no
left join reached
    on reached.funnel_no = part.funnel_no
    and reached.part_no = part.part_no
    and reached.step_no = step.step_no
left join reached as before
    on before.funnel_no = part.funnel_no
    and before.part_no = part.part_no
    and before.step_no = step.before_no
left join stayed
    on stayed.funnel_no = part.funnel_no
    and stayed.part_no = part.part_no
    and stayed.step_no = step.step_no
left join funnel_times as since_step
    on since_step.funnel_no = part.funnel_no
    and since_step.part_no = part.part_no
    and since_step.step_no = step.step_no
    and since_step.since = 'step'
left join funnel_times as since_entry
    on since_entry.funnel_no = part.funnel_no
    and since_entry.part_no = part.part_no
    and since_entry.step_no = step.step_no
    and since_entry.since = 'entry'
