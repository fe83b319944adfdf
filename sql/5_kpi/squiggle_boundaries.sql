-- One row per boundary between two neighbouring stages: how often it is crossed forward and back.
--
-- Of all journeys, those that may still go on or may have begun before the data too: not of the headline
-- population.
--
-- grain:    map_name, boundary_no
-- columns:
--   map_name       varchar  map
--   boundary_no    integer  boundary between stage boundary_no and the next
--   from_stage     varchar  stage before it
--   to_stage       varchar  stage after it
--   advances       bigint   crossings forward
--   fallbacks      bigint   crossings back
--   fallback_rate  double   fallbacks / advances; above 1 where journeys that began beyond it fall back, too
--   back_share     double   of all crossings back, which are all movement back, the share over this boundary
with

crossed as (

    select
        moved.map_no,
        stage.stage_no as boundary_no,
        sum(case when moved.from_no <= stage.stage_no and moved.to_no > stage.stage_no then moved.transitions else 0 end) as advances,
        sum(case when moved.from_no > stage.stage_no and moved.to_no <= stage.stage_no then moved.transitions else 0 end) as fallbacks
    from move_counts as moved
    inner join cfg_map_stages as stage on stage.map_no = moved.map_no
    where moved.level_no = 2 and moved.from_no > 0 and moved.to_no > 0
    group by moved.map_no, stage.stage_no

)

select
    near.map_name,
    near.stage_no as boundary_no,
    near.stage as from_stage,
    far.stage as to_stage,
    cast(coalesce(crossed.advances, 0) as bigint) as advances,
    cast(coalesce(crossed.fallbacks, 0) as bigint) as fallbacks,
    crossed.fallbacks / cast(nullif(crossed.advances, 0) as double) as fallback_rate,
    coalesce(crossed.fallbacks, 0) / cast(
        nullif(sum(crossed.fallbacks) over (partition by near.map_no), 0) as double
    ) as back_share
from cfg_map_stages as near
inner join cfg_map_stages as far on far.map_no = near.map_no and far.stage_no = near.stage_no + 1
left join crossed on crossed.map_no = near.map_no and crossed.boundary_no = near.stage_no
order by near.map_no, near.stage_no
