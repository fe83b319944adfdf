-- One row per rule of the project file that gave no event its name.
select
    rule_no,
    touchpoint,
    stage,
    events,
    status
from touchpoint_rules
where status <> 'fires'
order by rule_no
