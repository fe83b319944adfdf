-- One row per kind of score and touchpoint, or stage, at which the customer was last before the answer.
--
-- At most 7 days before, surveys and their sendings passed over: of each customer one answer, joined to what came before it and nothing after it.
-- A difference between places is association: who answers there may differ in other ways too.
--
-- grain:    score_type, level, map_name, place
-- columns:
--   score_type   varchar  nps, csat, ces, emotion or sentiment
--   level        varchar  touchpoint or stage
--   map_name     varchar  map of the stage; empty for touchpoints
--   place_no     integer  number of the touchpoint or stage
--   place        varchar  its name
--   respondents  bigint   customers whose answer counts; fewer than 30 is too few to rank
--   value        double   figure, in the unit of survey_kpis
--   lo           double   lower end of its 95 % interval
--   hi           double   upper end of its 95 % interval
--   mean_score   double   mean score
select
    estimated.score_type,
    estimated.level,
    coalesce(map.map_name, '') as map_name,
    estimated.place_no,
    coalesce(stage.stage, touchpoint.touchpoint) as place,
    estimated.respondents,
    estimated.value,
    estimated.lo,
    estimated.hi,
    estimated.mean_score
from response_estimates as estimated
left join cfg_maps as map on map.map_no = estimated.map_no
left join cfg_map_stages as stage
    on estimated.level = 'stage' and stage.map_no = estimated.map_no and stage.stage_no = estimated.place_no
left join touchpoint_names as touchpoint
    on estimated.level = 'touchpoint' and touchpoint.touchpoint_no = estimated.place_no
where estimated.level in ('touchpoint', 'stage')
order by estimated.score_type, estimated.level, estimated.map_no, estimated.place_no
