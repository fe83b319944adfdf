-- One row per contact of a drawn journey; journeys are numbered, not named. Where small groups are
-- folded, only journeys on paths of enough customers are drawn, by their visits to stages.
with

walked as (

    select
        map_name,
        role,
        journey_id,
        step_no,
        stage_no,
        stage,
        touchpoint,
        elapsed_s,
        lag(stage_no) over (partition by map_name, role, journey_id order by step_no) as stage_before
    from sample_journeys
    where stage_no is not null

),

visited as (

    select
        map_name,
        role,
        journey_id,
        cast(row_number() over (partition by map_name, role, journey_id order by step_no) as integer) as visit_no,
        stage_no,
        stage
    from walked
    where stage_no is distinct from stage_before

),

spelled as (

    select map_name, role, journey_id, string_agg(stage, ' > ' order by visit_no) as path
    from visited
    group by map_name, role, journey_id

),

common as (

    select spelled.map_name, spelled.role, spelled.journey_id
    from spelled
    inner join segment_variants as told on told.map_name = spelled.map_name and told.path = spelled.path
    cross join cfg_settings as setting
    where
        told.level = 'stage'
        and told.segment = 'all'
        and told.among = 'all'
        and told.customers >= setting.privacy_k
        and setting.privacy_k > 1

),

drawn as (

    select walked.map_name, walked.role, walked.journey_id, walked.step_no, walked.stage_no, walked.stage, walked.touchpoint, walked.elapsed_s
    from walked
    cross join cfg_settings as setting
    where setting.privacy_k = 1
    union all
    select visited.map_name, visited.role, visited.journey_id, visited.visit_no, visited.stage_no, visited.stage, visited.stage, null
    from visited
    inner join common
        on common.map_name = visited.map_name
        and common.role = visited.role
        and common.journey_id = visited.journey_id

)

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
from drawn
order by map_name, journey, step_no
