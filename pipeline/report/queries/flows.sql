-- One row per link: journeys from one stage to the next change of stage, step by step.
select
    map_name,
    step_no,
    from_stage,
    to_stage,
    outcome,
    direction,
    journeys
from stage_flows
order by map_name, step_no, from_stage_no, to_stage_no, to_stage, outcome
