-- One row per touchpoint: its number, its name and its stage.
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  number by name, from 1
--   touchpoint     varchar  name
--   stage          varchar  stage; NULL: none
--   is_mapped      boolean  whether a rule made it; else it is an event under its own name
select
    touchpoint_no,
    touchpoint,
    min(stage) as stage,
    bool_or(rule_no is not null) as is_mapped
from event_signatures
group by touchpoint_no, touchpoint
order by touchpoint_no
