-- One row per funnel, part, step, outcome and length of time until it: what the curves are made of.
--
-- Of more than ten thousand units the times are rounded down to ten-thousandths of the longest one.
--
-- grain:    funnel_no, part_no, step_no, since, outcome, duration_us, is_whole
-- columns:
--   funnel_no    integer  funnel
--   part_no      integer  part
--   step_no      integer  step, from the second one
--   since        varchar  entry, or step: the needed step before
--   outcome      integer  1: reached; 2: excluded; 3: over for good; 0: not reached as long as watched
--   duration_us  bigint   time until then
--   is_whole     boolean  whether as much time has passed as the window is long
--   units        bigint   units
with

grids as (

    select
        funnel_no,
        case when count(*) > 10000 then greatest(floor(max(duration_us) / 10000), 1) else 1 end as grid_us
    from funnel_waits
    where part_no = 0 and since = 'entry' and step_no = 2
    group by funnel_no

)

select
    wait.funnel_no,
    wait.part_no,
    wait.step_no,
    wait.since,
    wait.outcome,
    cast(floor(wait.duration_us / grid.grid_us) * grid.grid_us as bigint) as duration_us,
    wait.is_whole,
    count(*) as units
from funnel_waits as wait
inner join grids as grid on grid.funnel_no = wait.funnel_no
group by
    wait.funnel_no,
    wait.part_no,
    wait.step_no,
    wait.since,
    wait.outcome,
    wait.is_whole,
    floor(wait.duration_us / grid.grid_us) * grid.grid_us
