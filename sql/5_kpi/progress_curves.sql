-- One row per map, value of a segment, stage and sixtieth of the horizon T: who has gone beyond by then.
--
-- Stage 0 is the journey as a whole: from its first step to the goal. Nothing stands here from where on
-- nobody was watched.
--
-- grain:    map_name, segment, value, stage_no, days
-- columns:
--   map_name       varchar  map
--   segment        varchar  segment
--   value          varchar  its value
--   stage_no       integer  stage, or 0 for the journey as a whole
--   stage          varchar  its name; NULL for the journey as a whole
--   days           double   days since the stage was reached
--   at_risk        bigint   journeys still watched, and neither beyond nor ended, before this sixtieth
--   progress_rate  double   chance to have gone beyond by then, open journeys counted as long as they were watched
--   progress_lo    double   lower end of its 95 % interval
--   progress_hi    double   upper end of its 95 % interval
--   abandon_rate   double   chance to have ended explicitly by then
select
    map.map_name,
    named.segment,
    named.value,
    step.stage_no,
    stage.stage,
    step.counted_us / 86400000000.0 as days,
    step.at_risk,
    step.progress_rate,
    step.progress_lo,
    step.progress_hi,
    step.abandon_rate
from progress_intervals as step
inner join cfg_maps as map on map.map_no = step.map_no
inner join segment_values as named on named.segment_no = step.segment_no and named.value_no = step.value_no
left join cfg_map_stages as stage on stage.map_no = step.map_no and stage.stage_no = step.stage_no
where step.is_step and not step.is_rest and step.progress_rate is not null
order by step.map_no, step.segment_no, step.value_no, step.stage_no, step.counted_us
