-- One row per group, block and moment: how many journeys leave the watch there, for drawing medians again.
--
-- From the beginning to the goal. A group has about 256 moments, between which its curve rises alike; what
-- happens between two is counted at the later one.
--
-- grain:    group_no, kind_no, block_no, moment_no
-- columns:
--   group_no     integer  group
--   kind_no      integer  kind of block
--   block_no     integer  block
--   moment_no    integer  place of the moment in time, from 0
--   duration_us  bigint   the moment: time since the beginning, microseconds
--   progressed   bigint   journeys that reach the goal
--   abandoned    bigint   journeys that end explicitly
--   leaving      bigint   journeys that leave the watch
with

placed as (

    select
        group_no,
        duration_us,
        cast(
            ceil(256 * case when horizon_rate > 0 then progress_rate / horizon_rate else 0 end - 1e-6) as integer
        ) as moment_no
    from compare_curves
    where stage_no = 0

),

moments as (

    select group_no, moment_no, max(duration_us) as duration_us
    from placed
    group by group_no, moment_no

)

select
    timed.group_no,
    block.kind_no,
    block.block_no,
    placed.moment_no,
    moments.duration_us,
    count(case when timed.outcome = 1 then 1 end) as progressed,
    count(case when timed.outcome = 2 then 1 end) as abandoned,
    count(*) as leaving
from compare_times as timed
inner join placed on placed.group_no = timed.group_no and placed.duration_us = timed.duration_us
inner join moments on moments.group_no = placed.group_no and moments.moment_no = placed.moment_no
inner join compare_blocks as block on block.customer_no = timed.customer_no
where timed.stage_no = 0
group by timed.group_no, block.kind_no, block.block_no, placed.moment_no, moments.duration_us
order by timed.group_no, block.kind_no, block.block_no, placed.moment_no
