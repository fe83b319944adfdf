-- One row per map and stage whose silences were followed: how far, and how many then stay away.
--
-- kind:     working
-- grain:    map_no, stage_no
-- columns:
--   map_no      integer  map
--   stage_no    integer  stage, 0: all
--   silences    bigint   silences of the stage
--   grid_s      bigint   step of the grid, seconds
--   followed_s  bigint   longest silence that at least 50 were followed for; NULL: fewer than 50 in all
--   plateau     double   chance to be silent for longer than that: taken as never to return
--   returned    bigint   silences that ended
--   late        bigint   of them, those that lasted longer than followed_s
with

followed as (

    select
        map_no,
        stage_no,
        max(silences) as silences,
        max(grid_s) as grid_s,
        max(case when at_risk >= 50 then gap_s end) as followed_s
    from silence_steps
    group by map_no, stage_no

)

select
    followed.map_no,
    followed.stage_no,
    followed.silences,
    followed.grid_s,
    followed.followed_s,
    max(step.silent) as plateau,
    cast(sum(ended.returned) as bigint) as returned,
    cast(sum(case when ended.gap_s > followed.followed_s then ended.returned else 0 end) as bigint) as late
from followed
inner join silence_steps as ended on ended.map_no = followed.map_no and ended.stage_no = followed.stage_no
left join silence_steps as step
    on step.map_no = followed.map_no
    and step.stage_no = followed.stage_no
    and step.gap_s = followed.followed_s
group by followed.map_no, followed.stage_no, followed.silences, followed.grid_s, followed.followed_s
