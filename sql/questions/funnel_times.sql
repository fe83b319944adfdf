-- One row per funnel, part, step and what its time is counted from: how many reach it, and how soon.
--
-- Equal times are counted once, so that what is sorted are times, not units.
--
-- kind:     working
-- grain:    funnel_no, part_no, step_no, since
-- columns:
--   funnel_no  integer  funnel
--   part_no    integer  part
--   step_no    integer  step, from the second one
--   since      varchar  what the time is counted from: entry, or step: the needed step before
--   units      bigint   units that reach the step
--   median_us  double   their median time
--   p90_us     bigint   time within which nine of ten of them do
with

grouped as (

    select
        funnel_no,
        part_no,
        step_no,
        since,
        duration_us,
        count(*) as units
    from funnel_waits
    where outcome = 1
    group by funnel_no, part_no, step_no, since, duration_us

),

totalled as (

    select
        funnel_no,
        part_no,
        step_no,
        since,
        cast(sum(units) as bigint) as units
    from grouped
    group by funnel_no, part_no, step_no, since

),

ranked as (

    select
        funnel_no,
        part_no,
        step_no,
        since,
        duration_us,
        sum(units) over (
            partition by funnel_no, part_no, step_no, since
            order by duration_us
            rows between unbounded preceding and current row
        ) as so_far
    from grouped

)

select
    totalled.funnel_no,
    totalled.part_no,
    totalled.step_no,
    totalled.since,
    max(totalled.units) as units,
    (
        min(case when 2 * ranked.so_far >= totalled.units then ranked.duration_us end)
        + min(case when 2 * ranked.so_far >= totalled.units + 1 then ranked.duration_us end)
    ) / 2.0 as median_us,
    min(case when 10 * ranked.so_far >= 9 * totalled.units then ranked.duration_us end) as p90_us
from totalled
inner join ranked
    on ranked.funnel_no = totalled.funnel_no
    and ranked.part_no = totalled.part_no
    and ranked.step_no = totalled.step_no
    and ranked.since = totalled.since
group by totalled.funnel_no, totalled.part_no, totalled.step_no, totalled.since
