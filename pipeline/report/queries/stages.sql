-- One row per map and stage, in their intended order.
select
    map_no,
    map_name,
    stage_no,
    stage,
    is_goal
from cfg_map_stages
order by map_no, stage_no
