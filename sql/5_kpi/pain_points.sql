-- One row per map, stage or touchpoint, group of journeys and reference: what it costs that so many stop.
--
-- Ranked by the lower end of what could be won if the group lost no more than the reference does: the
-- luckiest guess among many does not come first. For stages the rate is drop_rate of segment_dropoff, for
-- touchpoints stop_rate of segment_stops. An excess says where, not why: the groups may differ in other
-- ways. All journeys together have no rest: of them only touchpoints are here, held against the others of
-- their stage. Start with: where reference = 'rest' order by rank.
--
-- grain:    map_no, level, place_no, segment_no, value_no, reference
-- columns:
--   map_no              integer  map
--   map_name            varchar  its name
--   level               varchar  stage or touchpoint
--   place_no            integer  stage_no or touchpoint_no
--   place               varchar  its name
--   segment_no          integer  segment; 0: all
--   segment             varchar  its name
--   value_no            integer  value, as in segment_values
--   value               varchar  its name
--   reference           varchar  rest: all other journeys, or for all visits to a touchpoint those to others of its
--                                stage; the last period before that has journeys; best quartile of the segment's values
--   reference_value     varchar  value that is the reference; NULL: the rest
--   n                   bigint   journeys that stood at the stage, or mature visits to the touchpoint
--   rate                double   chance to go no further within T, or stop rate
--   reference_n         bigint   the same of the reference
--   reference_rate      double   the same of the reference
--   is_small            boolean  whether either n, or the customers, are below 30: shown, never ranked
--   excess              double   rate - reference_rate
--   excess_lo           double   lower end of its 95 % interval
--   excess_hi           double   upper end of its 95 % interval
--   method              varchar  newcombe: both are plain shares; curve: some were not watched to the end,
--                                or customers are in them more than once
--   p_value             double   of no difference, two-sided; NULL: no error can be told
--   q_value             double   the same by Benjamini and Hochberg, over all tests of the map and reference;
--                                NULL: small, or no error
--   tests               bigint   how many these are
--   per_month           double   journeys that stand at the stage, or visits to the touchpoint, per month of 30.4375 days;
--                                of a period in which the data begin or end, of the days seen
--   goal_rate           double   of those that went on and could be followed, the share that reached the goal
--   value_per_goal      double   money of the journeys that reached the goal / these; NULL: none of the map carries any
--   is_borrowed         boolean  whether either is that of all journeys, for the group has fewer than 30
--   unit                varchar  of what is recoverable: money per month or goals per month
--   recoverable         double   excess x per_month x goal_rate x value_per_goal
--   recoverable_lo      double   the same for excess_lo, 0 where that is below
--   rank                bigint   place by recoverable_lo in the map, against this reference; NULL: small, or nothing to win
--   is_drop_identified  boolean  whether the data tell silence from loss there; a stage's rate holds even so
select
    cell.map_no,
    map.map_name,
    cell.level,
    cell.place_no,
    coalesce(stage.stage, touchpoint.touchpoint) as place,
    cell.segment_no,
    named.segment,
    cell.value_no,
    named.value,
    cell.reference,
    other.value as reference_value,
    cell.trials as n,
    cell.rate,
    cell.reference_trials as reference_n,
    cell.reference_rate,
    estimated.is_small,
    estimated.excess,
    estimated.excess_lo,
    estimated.excess_hi,
    estimated.method,
    estimated.p_value,
    estimated.q_value,
    estimated.tests,
    cell.per_month,
    cell.goal_rate,
    cell.value_per_goal,
    cell.is_borrowed,
    case when cell.value_per_goal is null then 'goals per month' else 'money per month' end as unit,
    estimated.recoverable,
    estimated.recoverable_lo,
    estimated.rank,
    horizon.is_drop_identified
from pain_cells as cell
inner join pain_estimates as estimated
    on estimated.map_no = cell.map_no
    and estimated.level = cell.level
    and estimated.place_no = cell.place_no
    and estimated.segment_no = cell.segment_no
    and estimated.value_no = cell.value_no
    and estimated.reference = cell.reference
inner join cfg_maps as map on map.map_no = cell.map_no
inner join segment_values as named on named.segment_no = cell.segment_no and named.value_no = cell.value_no
left join segment_values as other
    on other.segment_no = cell.segment_no and other.value_no = cell.reference_value_no
left join cfg_map_stages as stage
    on cell.level = 'stage' and stage.map_no = cell.map_no and stage.stage_no = cell.place_no
left join touchpoint_names as touchpoint
    on cell.level = 'touchpoint' and touchpoint.touchpoint_no = cell.place_no
left join silence_horizons as horizon
    on horizon.map_no = cell.map_no
    and horizon.stage_no = case when cell.level = 'stage' then cell.place_no else 0 end
order by cell.map_no, cell.reference, estimated.rank nulls last, cell.level, cell.place_no, cell.segment_no, cell.value_no
