-- One row per map: whether the declared stages fit the order in which customers move.
--
-- A map is doubtful where the rank correlation of the found order and the declared stages is below 0.8, or
-- more than a tenth of the steps match no rule. F0 is blind to the intended order: it judges no map.
--
-- grain:    map_name
-- columns:
--   map_name           varchar  map
--   moves              bigint   moves between two different touchpoints
--   touchpoints        bigint   touchpoints that have a stage and a place in the found order
--   rho                double   Spearman's rank correlation of their trophic level and their stage; NULL: fewer
--                than three touchpoints, or all of one stage
--   incoherence        double   F0 of the touchpoints: 0 when every move climbs one level, 1 when there is no
--                direction; NULL: nothing moves
--   stage_incoherence  double   F0 of the stages
--   unmapped_share     double   of all steps, those at touchpoints that no rule made
--   is_doubtful        boolean  whether rho is below 0.8 or unmapped_share above 0.1
select
    map.map_name,
    coalesce(touchpoint.moves, 0) as moves,
    coalesce(touchpoint.compared, 0) as touchpoints,
    touchpoint.rho,
    touchpoint.incoherence,
    stage.incoherence as stage_incoherence,
    summary.unmapped_share,
    coalesce(touchpoint.rho < 0.8, false) or coalesce(summary.unmapped_share > 0.1, false) as is_doubtful
from cfg_maps as map
inner join map_summary as summary on summary.map_name = map.map_name
left join order_fit as touchpoint on touchpoint.map_no = map.map_no and touchpoint.level_no = 1
left join order_fit as stage on stage.map_no = map.map_no and stage.level_no = 2
order by map.map_no
