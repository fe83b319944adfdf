-- One row per map, value of a segment and touchpoint: how often journeys stop there.
--
-- The columns are those of touchpoint_stops; segment all has its very rows.
--
-- grain:    map_no, segment_no, value_no, touchpoint_no
-- columns:
--   map_no              integer  map
--   map_name            varchar  its name
--   segment_no          integer  segment; 0: all
--   segment             varchar  its name
--   value_no            integer  value, as in segment_values
--   value               varchar  its name
--   touchpoint_no       integer  touchpoint
--   touchpoint          varchar  its name
--   stage               varchar  stage on the map's axis; NULL: none
--   visits              bigint   visits: steps at the touchpoint, one after the other, are one
--   mature_visits       bigint   of them, those that ended horizon_days ago, or longer
--   stops               bigint   of the mature ones, those after which the journey ended without the goal
--   stop_rate           double   stops / mature_visits
--   stop_lo             double   lower end of its 95 % Wilson interval
--   stop_hi             double   upper end of its 95 % Wilson interval
--   is_small            boolean  whether fewer than 30 visits are mature: shown, but never ranked
--   dropped             bigint   journeys that dropped after it, explicitly or in silence
--   stop_share          double   of all journeys that dropped, the share that did so after it
--   horizon_days        double   longest silence horizon of the map's stages
--   is_drop_identified  boolean  whether the data tell silence from loss (silence_horizons, stage 0)
select
    counted.map_no,
    map.map_name,
    counted.segment_no,
    named.segment,
    counted.value_no,
    named.value,
    counted.touchpoint_no,
    touchpoint.touchpoint,
    stage.stage,
    counted.visits,
    counted.mature_visits,
    counted.stops,
    shared.rate as stop_rate,
    shared.lo as stop_lo,
    shared.hi as stop_hi,
    counted.mature_visits < 30 as is_small,
    counted.dropped,
    counted.dropped / cast(nullif(counted.all_dropped, 0) as double) as stop_share,
    longest.horizon_days,
    whole.is_drop_identified
from stop_counts as counted
inner join cfg_maps as map on map.map_no = counted.map_no
inner join segment_values as named on named.segment_no = counted.segment_no and named.value_no = counted.value_no
inner join touchpoint_names as touchpoint on touchpoint.touchpoint_no = counted.touchpoint_no
inner join touchpoint_roles as role on role.map_no = counted.map_no and role.touchpoint_no = counted.touchpoint_no
left join cfg_map_stages as stage on stage.map_no = counted.map_no and stage.stage_no = role.stage_no
left join kpi_share_intervals as shared
    on shared.successes = counted.stops and shared.trials = counted.mature_visits
left join (
    select map_no, max(horizon_days) as horizon_days
    from silence_horizons
    group by map_no
) as longest on longest.map_no = counted.map_no
left join silence_horizons as whole on whole.map_no = counted.map_no and whole.stage_no = 0
order by counted.map_no, counted.segment_no, counted.value_no, counted.touchpoint_no
