-- One row per map, population, kind of deviation from the intended path, and stage.
--
-- A journey is laid on the path so that as little as possible does not match, up to the step that it has
-- reached. skipped: a step, other than an optional one, that no visit matches. inserted: a visit to a stage
-- that is not on the path, or whose turn has not come. repeated: a visit to the last step again, which may
-- not be returned to. backward: a visit that goes back to an earlier step.
--
-- grain:    map_name, population, kind, stage_no
-- columns:
--   map_name       varchar  map
--   population     varchar  headline, closed or all
--   kind           varchar  skipped, inserted, repeated or backward
--   stage_no       integer  stage that is skipped, or visited out of turn
--   stage          varchar  its name
--   journeys       bigint   journeys that have the deviation
--   all_journeys   bigint   journeys of the population
--   journey_share  double   journeys / all_journeys
--   journey_lo     double   lower end of its 95 % Wilson interval
--   journey_hi     double   upper end of its 95 % Wilson interval
--   occurrences    bigint   how often they have it together
--   is_small       boolean  whether all_journeys are fewer than 30: shown, but never ranked
select
    stage.map_name,
    counted.population,
    counted.kind,
    counted.stage_no,
    stage.stage,
    counted.journeys,
    counted.all_journeys,
    wilson.rate as journey_share,
    wilson.lo as journey_lo,
    wilson.hi as journey_hi,
    counted.occurrences,
    counted.all_journeys < 30 as is_small
from deviation_counts as counted
inner join cfg_map_stages as stage on stage.map_no = counted.map_no and stage.stage_no = counted.stage_no
inner join walk_intervals as wilson
    on wilson.figure = 'deviation_share'
    and wilson.map_no = counted.map_no
    and wilson.segment_no = 0
    and wilson.item = counted.population || ' ' || counted.kind || ' ' || counted.stage_no
order by counted.map_no, counted.population, counted.journeys desc, counted.kind, counted.stage_no
