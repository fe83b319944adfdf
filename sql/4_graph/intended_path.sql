-- One row per step of the path that a map's journeys are meant to take.
--
-- grain:    map_name, step_no
-- columns:
--   map_name       varchar  map
--   step_no        integer  place in the path, from 1
--   stage_no       integer  stage that is to be visited
--   stage          varchar  its name
--   is_optional    boolean  whether it may be left out
--   is_repeatable  boolean  whether it may be returned to
--   origin         varchar  declared in the project file; default: none is declared, so the stages in order;
--                found: the most frequent path of the journeys that converted
select
    stage.map_name,
    step.step_no,
    step.stage_no,
    stage.stage,
    step.is_optional,
    step.is_repeatable,
    step.origin
from intended_steps as step
inner join cfg_map_stages as stage on stage.map_no = step.map_no and stage.stage_no = step.stage_no
order by step.map_no, step.step_no
