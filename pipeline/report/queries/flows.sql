-- One row per link: journeys from one stage to the next change of stage, step by step. Those that go
-- on beyond the seventh column end in (more), so that none is lost.
select
    map_name,
    step_no,
    from_stage,
    case when step_no = 7 and outcome is null then '(more)' else to_stage end as to_stage,
    outcome,
    case when step_no = 7 and outcome is null then 'more' else direction end as direction,
    cast(sum(journeys) as bigint) as journeys
from stage_flows
where step_no <= 7
group by all
order by map_name, step_no, from_stage, to_stage, outcome
