-- One row per stage of a map: how many get there, and how many of them go no further.
--
-- drop_rate is the headline: 1 - the chance to go beyond within T, journeys that are still open counted
-- only as long as they were watched. naive_drop_rate calls an open journey lost, as most tools do;
-- resolved_drop_rate leaves open journeys out. At the goal and beyond nobody drops off: rates are NULL.
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
--   dropped              bigint   of them, those that ended here
--   open                 bigint   of them, those that may still go on
--   completed            bigint   of them, those that stand at the goal
--   ordered              bigint   journeys that touched stages 1 to this one in order
--   current              bigint   journeys whose last stage is this one
--   frontier             bigint   journeys that stood at this stage as their furthest: the risk set
--   within_days          double   horizon T
--   drop_rate            double   1 - chance to go beyond within T
--   drop_lo              double   lower end of its 95 % interval
--   drop_hi              double   upper end of its 95 % interval
--   progress_rate        double   chance to go beyond within T; NULL: nobody was watched that long
--   abandon_rate         double   chance to end explicitly within T
--   naive_drop_rate      double   not progressed / reached: an open journey counts as lost
--   naive_lo             double   lower end of its 95 % Wilson interval
--   naive_hi             double   upper end of its 95 % Wilson interval
--   resolved_drop_rate   double   dropped / (progressed + dropped): open journeys are left out
--   resolved_lo          double   lower end of its 95 % Wilson interval
--   resolved_hi          double   upper end of its 95 % Wilson interval
--   median_days_to_next  double   days by which half have gone beyond; NULL: fewer than half do within T
select
    stage.map_name,
    stage.stage_no,
    stage.stage,
    counted.reached,
    counted.touched,
    counted.skipped,
    counted.progressed,
    counted.dropped,
    counted.open,
    counted.completed,
    counted.ordered,
    counted.current,
    coalesce(rated.journeys, 0) as frontier,
    map.within_us / 86400000000.0 as within_days,
    1 - rated.progress_rate as drop_rate,
    1 - rated.progress_hi as drop_lo,
    1 - rated.progress_lo as drop_hi,
    rated.progress_rate,
    rated.abandon_rate,
    naive.rate as naive_drop_rate,
    naive.lo as naive_lo,
    naive.hi as naive_hi,
    resolved.rate as resolved_drop_rate,
    resolved.lo as resolved_lo,
    resolved.hi as resolved_hi,
    rated.median_us / 86400000000.0 as median_days_to_next
from cfg_map_stages as stage
inner join cfg_maps as map on map.map_no = stage.map_no
inner join stage_counts as counted on counted.map_no = stage.map_no and counted.stage_no = stage.stage_no
left join progress_rates as rated
    on rated.map_no = stage.map_no and rated.stage_no = stage.stage_no and not counted.is_beyond_goal
left join proportion_intervals as naive
    on naive.figure = 'naive_drop_rate'
    and naive.map_no = stage.map_no
    and naive.item = cast(stage.stage_no as varchar)
left join proportion_intervals as resolved
    on resolved.figure = 'resolved_drop_rate'
    and resolved.map_no = stage.map_no
    and resolved.item = cast(stage.stage_no as varchar)
order by stage.map_no, stage.stage_no
