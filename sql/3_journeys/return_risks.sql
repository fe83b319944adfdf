-- One row per map, stage and length of silence: how many of those silent for so long still come back.
--
-- Kaplan-Meier over all silences of the stage, with those that last until the as-of moment counted as
-- long as they were followed. Who is silent for longer than 50 silences were followed for is taken as
-- never to return. Stage 0 is all stages before the goal together.
--
-- grain:    map_no, stage_no, gap_s
-- columns:
--   map_no       integer  map
--   map_name     varchar  its name
--   stage_no     integer  furthest stage when the silence began; 0: all
--   stage        varchar  its name; NULL: all
--   gap_s        bigint   seconds of silence: a step of the map's grid
--   days         double   the same in days
--   at_risk      bigint   silences at least as long
--   silent       double   of all silences, the share that lasts longer
--   return_risk  double   of those that last so long, the share that still ends with a return
select
    step.map_no,
    map.map_name,
    step.stage_no,
    stage.stage,
    step.gap_s,
    step.gap_s / 86400.0 as days,
    step.at_risk,
    step.silent,
    round((step.silent - plateau.plateau) / nullif(step.silent, 0), 12) as return_risk
from silence_steps as step
inner join silence_plateaus as plateau on plateau.map_no = step.map_no and plateau.stage_no = step.stage_no
inner join cfg_maps as map on map.map_no = step.map_no
left join cfg_map_stages as stage on stage.map_no = step.map_no and stage.stage_no = step.stage_no
where step.is_step and step.gap_s <= plateau.followed_s
order by step.map_no, step.stage_no, step.gap_s
