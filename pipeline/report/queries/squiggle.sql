-- One row per contact of a drawn journey; journeys are numbered, not named.
select
    map_name,
    dense_rank() over (
        partition by map_name
        order by
            case role when 'typical' then 1 when 'one_in_ten' then 2 else 3 end,
            journey_id
    ) as journey,
    role,
    step_no,
    stage_no,
    stage,
    touchpoint,
    elapsed_s
from sample_journeys
where stage_no is not null
order by map_name, journey, step_no
