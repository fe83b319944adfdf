-- One row per stage of a map: how many get there, and how many of them go no further.
--
-- drop_rate is the headline: 1 - the chance to go beyond within T, journeys that are still open counted
-- only as long as they were watched. naive_drop_rate calls an open journey lost, as most tools do;
-- resolved_drop_rate leaves open journeys out. ever_drop_rate is the share that dropped whenever, and rests on
-- the silence that counts as a drop: see is_drop_identified. At the goal and beyond nobody drops off: rates are NULL.
-- segment_dropoff has the same by segment and period.
--
-- grain:    map_name, stage_no
-- columns:
--   map_name             varchar  map
--   stage_no             integer  stage
--   stage                varchar  its name
--   reached              bigint   journeys that were at this stage or any later one
--   touched              bigint   of them, those with an event at this very stage
--   skipped              bigint   of them, those that passed over it
--   progressed           bigint   of them, those that went beyond, or reached the goal
--   dropped              bigint   of them, those that ended here: dropped_explicit + dropped_silent
--   dropped_explicit     bigint   of them, those that ended here at an abandon touchpoint
--   dropped_silent       bigint   of them, those that fell silent here
--   open                 bigint   of them, those that may still go on
--   completed            bigint   of them, those that stand at the goal
--   ordered              bigint   journeys that touched stages 1 to this one in order
--   current              bigint   journeys whose last stage is this one
--   frontier             bigint   journeys that stood at this stage as their furthest: the risk set
--   is_small             boolean  whether these are fewer than 30: shown, but never ranked
--   within_days          double   horizon T
--   drop_rate            double   1 - chance to go beyond within T
--   drop_lo              double   lower end of its 95 % interval
--   drop_hi              double   upper end of its 95 % interval
--   design_effect        double   variance of drop_rate by customer / that by journey: above 1 where customers repeat themselves
--   progress_rate        double   chance to go beyond within T; NULL: nobody was watched that long
--   abandon_rate         double   chance to end explicitly within T
--   naive_drop_rate      double   not progressed / reached: an open journey counts as lost
--   naive_lo             double   lower end of its 95 % Wilson interval
--   naive_hi             double   upper end of its 95 % Wilson interval
--   resolved_drop_rate   double   dropped / (progressed + dropped): open journeys are left out
--   resolved_lo          double   lower end of its 95 % Wilson interval
--   resolved_hi          double   upper end of its 95 % Wilson interval
--   median_days_to_next  double   days by which half have gone beyond; NULL: fewer than half do within T
--   p90_days_to_next     double   days by which nine of ten have; NULL: fewer do within T
--   mature               bigint   of the frontier, those that reached the stage silence_days ago, or longer
--   ever_drop_rate       double   of the mature ones that are not open, the share that dropped there
--   ever_lo              double   lower end of its 95 % Wilson interval
--   ever_hi              double   upper end of its 95 % Wilson interval
--   open_share           double   of the mature ones, the share that may still go on
--   silence_days         double   silence after which a journey at this stage counts as dropped
--   return_risk          double   of those silent for so long, the share that still comes back; NULL: not followed so far
--   is_drop_identified   boolean  whether the data tell silence from loss here (silence_horizons); if not, read only drop_rate
select
    stage.map_name,
    stage.stage_no,
    stage.stage,
    coalesce(figure.reached, 0) as reached,
    coalesce(figure.touched, 0) as touched,
    coalesce(figure.skipped, 0) as skipped,
    coalesce(figure.progressed, 0) as progressed,
    coalesce(figure.dropped, 0) as dropped,
    coalesce(figure.dropped_explicit, 0) as dropped_explicit,
    coalesce(figure.dropped_silent, 0) as dropped_silent,
    coalesce(figure.open, 0) as open,
    coalesce(figure.completed, 0) as completed,
    coalesce(figure.ordered, 0) as ordered,
    coalesce(figure.current, 0) as current,
    coalesce(figure.frontier, 0) as frontier,
    coalesce(figure.is_small, true) as is_small,
    map.within_us / 86400000000.0 as within_days,
    figure.drop_rate,
    figure.drop_lo,
    figure.drop_hi,
    figure.design_effect,
    figure.progress_rate,
    figure.abandon_rate,
    figure.naive_drop_rate,
    figure.naive_lo,
    figure.naive_hi,
    figure.resolved_drop_rate,
    figure.resolved_lo,
    figure.resolved_hi,
    figure.median_days_to_next,
    figure.p90_days_to_next,
    coalesce(figure.mature, 0) as mature,
    figure.ever_drop_rate,
    figure.ever_lo,
    figure.ever_hi,
    figure.open_share,
    horizon.horizon_days as silence_days,
    horizon.return_risk,
    horizon.is_drop_identified
from cfg_map_stages as stage
inner join cfg_maps as map on map.map_no = stage.map_no
left join segment_dropoff as figure
    on figure.map_no = stage.map_no and figure.stage_no = stage.stage_no and figure.segment_no = 0
left join silence_horizons as horizon
    on horizon.map_no = stage.map_no and horizon.stage_no = stage.stage_no
order by stage.map_no, stage.stage_no
