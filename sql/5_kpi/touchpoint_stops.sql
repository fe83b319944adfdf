-- One row per map and touchpoint: how often journeys stop there.
--
-- A visit counts once it is old enough to know whether the journey went on. The last touchpoint of a
-- journey that may still go on is no stop. Of journeys that have a stage, as in all rates: a touchpoint
-- that only others met has no row. segment_stops has the same by segment and period.
--
-- grain:    map_name, touchpoint
-- columns:
--   map_name            varchar  map
--   touchpoint          varchar  touchpoint
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
    map_name,
    touchpoint,
    stage,
    visits,
    mature_visits,
    stops,
    stop_rate,
    stop_lo,
    stop_hi,
    is_small,
    dropped,
    stop_share,
    horizon_days,
    is_drop_identified
from segment_stops
where segment_no = 0
order by map_no, touchpoint_no
