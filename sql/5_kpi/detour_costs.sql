-- One row per map, kind of deviation from the intended path, and stage: what goes along with it.
--
-- Journeys that have the deviation stand beside those that could have had it: for a step that is skipped
-- or gone back to, those that got beyond it; for one that is repeated, those that met it; for a stage that
-- is inserted, those that changed stage. Only journeys whose beginning was seen and which began at least T before the as-of
-- moment count, so that all are watched alike. This is association, not cause: who doubts goes back, and
-- may buy less often with or without the way back.
--
-- grain:    map_name, kind, stage_no
-- columns:
--   map_name               varchar  map
--   kind                   varchar  skipped, inserted, repeated or backward
--   stage_no               integer  stage that is skipped, or visited out of turn
--   stage                  varchar  its name
--   within_days            double   horizon T
--   journeys_with          bigint   journeys that have the deviation
--   journeys_without       bigint   journeys that could have had it, and have not
--   converted_with         bigint   of those with it, how many reach the goal within T
--   converted_without      bigint   of those without, how many do
--   conversion_with        double   converted_with / journeys_with
--   conversion_without     double   converted_without / journeys_without; NULL: there are none
--   conversion_difference  double   conversion_with - conversion_without
--   difference_lo          double   lower end of its 95 % interval (Newcombe)
--   difference_hi          double   upper end of its 95 % interval
--   days_with              double   median days to the goal of the converted ones with it; NULL: none
--   days_without           double   the same without it
--   extra_days             double   days_with - days_without
--   is_small               boolean  whether there are fewer than 30 journeys on a side: shown, but never ranked
--   note                   varchar  what the figures do not say
select
    stage.map_name,
    counted.kind,
    counted.stage_no,
    stage.stage,
    map.within_us / 86400000000.0 as within_days,
    counted.journeys_with,
    counted.journeys_without,
    counted.converted_with,
    counted.converted_without,
    counted.converted_with / cast(nullif(counted.journeys_with, 0) as double) as conversion_with,
    counted.converted_without / cast(nullif(counted.journeys_without, 0) as double) as conversion_without,
    compared.difference as conversion_difference,
    compared.lo as difference_lo,
    compared.hi as difference_hi,
    counted.median_us_with / 86400000000.0 as days_with,
    counted.median_us_without / 86400000000.0 as days_without,
    (counted.median_us_with - counted.median_us_without) / 86400000000.0 as extra_days,
    least(counted.journeys_with, counted.journeys_without) < 30 as is_small,
    'association, not cause' as note
from detour_counts as counted
inner join detour_intervals as compared
    on compared.map_no = counted.map_no
    and compared.kind = counted.kind
    and compared.stage_no = counted.stage_no
inner join cfg_maps as map on map.map_no = counted.map_no
inner join cfg_map_stages as stage on stage.map_no = counted.map_no and stage.stage_no = counted.stage_no
order by counted.map_no, counted.journeys_with desc, counted.kind, counted.stage_no
