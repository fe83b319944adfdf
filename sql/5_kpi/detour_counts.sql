-- One row per map, kind of deviation and stage: journeys that have it beside those that could have.
--
-- Journeys are watched alike: only those count whose beginning was seen and which began at least T before
-- the as-of moment, and only a goal within T of the beginning.
--
-- grain:    map_no, kind, stage_no
-- columns:
--   map_no             integer  map
--   kind               varchar  skipped, inserted, repeated or backward
--   stage_no           integer  stage
--   journeys_with      bigint   journeys that have the deviation
--   journeys_without   bigint   journeys that could have had it, and have not
--   converted_with     bigint   of those with it, how many reach the goal within T
--   converted_without  bigint   of those without
--   median_us_with     double   median time to the goal of the converted ones with it; NULL: none
--   median_us_without  double   the same without it
with

watched as (

    select
        path.map_no,
        path.path_no,
        case
            when journey.goal_us - journey.started_us <= map.within_us then journey.goal_us - journey.started_us
        end as goal_after_us
    from journey_paths as path
    inner join journey_facts as journey
        on journey.map_no = path.map_no
        and journey.customer_no = path.customer_no
        and journey.journey_no = path.journey_no
    inner join cfg_maps as map on map.map_no = path.map_no
    cross join as_of
    where journey.truncated_by is null and as_of.as_of_us - journey.started_us >= map.within_us

),

met as (

    select map_no, kind, stage_no
    from path_detours
    where occurrences > 0
    group by map_no, kind, stage_no

),

compared as (

    select met.map_no, met.kind, met.stage_no, detour.path_no, detour.occurrences > 0 as has_it
    from met
    inner join path_detours as detour
        on detour.map_no = met.map_no and detour.kind = met.kind and detour.stage_no = met.stage_no
    union all
    select met.map_no, met.kind, met.stage_no, path.path_no, false
    from met
    inner join stage_paths as path on path.map_no = met.map_no
    left join path_detours as detour
        on detour.map_no = met.map_no
        and detour.kind = met.kind
        and detour.stage_no = met.stage_no
        and detour.path_no = path.path_no
    where met.kind = 'inserted' and detour.path_no is null and path.visits > 1

)

select
    compared.map_no,
    compared.kind,
    compared.stage_no,
    count(case when compared.has_it then 1 end) as journeys_with,
    count(case when not compared.has_it then 1 end) as journeys_without,
    count(case when compared.has_it then watched.goal_after_us end) as converted_with,
    count(case when not compared.has_it then watched.goal_after_us end) as converted_without,
    median(case when compared.has_it then cast(watched.goal_after_us as double) end) as median_us_with,
    median(case when not compared.has_it then cast(watched.goal_after_us as double) end) as median_us_without
from compared
inner join watched on watched.map_no = compared.map_no and watched.path_no = compared.path_no
group by compared.map_no, compared.kind, compared.stage_no
having count(case when compared.has_it then 1 end) > 0
