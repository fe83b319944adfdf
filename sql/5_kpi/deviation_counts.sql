-- One row per population, kind of deviation and stage: how many journeys have it, and how often.
--
-- grain:    map_no, population, kind, stage_no
-- columns:
--   map_no        integer  map
--   population    varchar  headline, closed or all
--   kind          varchar  skipped, inserted, repeated or backward
--   stage_no      integer  stage
--   journeys      bigint   journeys that have it
--   occurrences   bigint   how often they do together
--   all_journeys  bigint   journeys of the population
with

taken as (

    select path.map_no, population.population, path.path_no, count(*) as journeys
    from journey_paths as path
    inner join journey_populations as population
        on population.map_no = path.map_no
        and population.customer_no = path.customer_no
        and population.journey_no = path.journey_no
    group by path.map_no, population.population, path.path_no

),

counted as (

    select
        taken.map_no,
        taken.population,
        detour.kind,
        detour.stage_no,
        sum(taken.journeys) as journeys,
        sum(taken.journeys * detour.occurrences) as occurrences
    from path_detours as detour
    inner join taken on taken.map_no = detour.map_no and taken.path_no = detour.path_no
    where detour.occurrences > 0
    group by taken.map_no, taken.population, detour.kind, detour.stage_no

)

select
    counted.map_no,
    counted.population,
    counted.kind,
    counted.stage_no,
    cast(counted.journeys as bigint) as journeys,
    cast(counted.occurrences as bigint) as occurrences,
    whole.walks as all_journeys
from counted
inner join squiggle_sums as whole
    on whole.map_no = counted.map_no
    and whole.cut = 'journey'
    and whole.segment_no = 0
    and whole.population = counted.population
