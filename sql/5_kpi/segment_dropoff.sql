-- One row per map, value of a segment and stage: how many get there, and how many of them go no further.
--
-- The columns are those of stage_dropoff; segment all has its very rows. A rate of few journeys is wide,
-- not wrong: see its interval, and is_small.
--
-- grain:    map_no, segment_no, value_no, stage_no
-- columns:
--   map_no               integer  map
--   map_name             varchar  its name
--   segment_no           integer  segment; 0: all
--   segment              varchar  its name
--   value_no             integer  value, as in segment_values
--   value                varchar  its name
--   is_partial           boolean  whether it is a period in which the data begin or end
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
    counted.map_no,
    map.map_name,
    counted.segment_no,
    named.segment,
    counted.value_no,
    named.value,
    named.is_partial,
    counted.stage_no,
    stage.stage,
    counted.reached,
    counted.touched,
    counted.skipped,
    counted.progressed,
    counted.dropped_explicit + counted.dropped_silent as dropped,
    counted.dropped_explicit,
    counted.dropped_silent,
    counted.open,
    counted.completed,
    counted.ordered,
    counted.current,
    coalesce(rated.journeys, 0) as frontier,
    coalesce(rated.journeys, 0) < 30 as is_small,
    map.within_us / 86400000000.0 as within_days,
    1 - rated.progress_rate as drop_rate,
    1 - rated.progress_hi as drop_lo,
    1 - rated.progress_lo as drop_hi,
    rated.design_effect,
    rated.progress_rate,
    rated.abandon_rate,
    naive.rate as naive_drop_rate,
    naive.lo as naive_lo,
    naive.hi as naive_hi,
    resolved.rate as resolved_drop_rate,
    resolved.lo as resolved_lo,
    resolved.hi as resolved_hi,
    rated.median_us / 86400000000.0 as median_days_to_next,
    rated.p90_us / 86400000000.0 as p90_days_to_next,
    coalesce(stood.mature, 0) as mature,
    ever.rate as ever_drop_rate,
    ever.lo as ever_lo,
    ever.hi as ever_hi,
    stood.mature_open / cast(nullif(stood.mature, 0) as double) as open_share,
    horizon.horizon_days as silence_days,
    horizon.return_risk,
    horizon.is_drop_identified
from stage_counts as counted
inner join cfg_maps as map on map.map_no = counted.map_no
inner join cfg_map_stages as stage on stage.map_no = counted.map_no and stage.stage_no = counted.stage_no
inner join segment_values as named on named.segment_no = counted.segment_no and named.value_no = counted.value_no
left join progress_rates as rated
    on rated.map_no = counted.map_no
    and rated.segment_no = counted.segment_no
    and rated.value_no = counted.value_no
    and rated.stage_no = counted.stage_no
    and not rated.is_rest
left join outcome_intervals as naive
    on naive.figure = 'naive_drop_rate'
    and naive.map_no = counted.map_no
    and naive.segment_no = counted.segment_no
    and naive.value_no = counted.value_no
    and naive.item = cast(counted.stage_no as varchar)
left join outcome_intervals as resolved
    on resolved.figure = 'resolved_drop_rate'
    and resolved.map_no = counted.map_no
    and resolved.segment_no = counted.segment_no
    and resolved.value_no = counted.value_no
    and resolved.item = cast(counted.stage_no as varchar)
left join outcome_intervals as ever
    on ever.figure = 'ever_drop_rate'
    and ever.map_no = counted.map_no
    and ever.segment_no = counted.segment_no
    and ever.value_no = counted.value_no
    and ever.item = cast(counted.stage_no as varchar)
left join frontier_counts as stood
    on stood.map_no = counted.map_no
    and stood.segment_no = counted.segment_no
    and stood.value_no = counted.value_no
    and stood.stage_no = counted.stage_no
    and not stood.is_rest
left join silence_horizons as horizon
    on horizon.map_no = counted.map_no and horizon.stage_no = counted.stage_no
order by counted.map_no, counted.segment_no, counted.value_no, counted.stage_no
