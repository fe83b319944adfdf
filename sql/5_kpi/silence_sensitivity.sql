-- One row per map, stage before the goal and silence horizon: half of the one in use, it, and twice it.
--
-- What the drop-off would be if another silence counted as a drop. Journeys are not cut anew, so a
-- customer who came back after the declared silence stands here once per journey.
--
-- grain:    map_name, stage_no, factor
-- columns:
--   map_name        varchar  map
--   stage_no        integer  stage
--   stage           varchar  its name
--   factor          varchar  half, whole or double
--   horizon_days    double   silence that counts as a drop
--   frontier        bigint   journeys that stood at the stage as their furthest
--   progressed      bigint   of them, those that went beyond
--   dropped         bigint   of them, those that dropped there, explicitly or in silence
--   open            bigint   of them, those that may still go on
--   mature          bigint   of them, those that reached it that long ago, or longer
--   ever_drop_rate  double   of the mature ones that are not open, the share that dropped there
--   ever_lo         double   lower end of its 95 % Wilson interval
--   ever_hi         double   upper end of its 95 % Wilson interval
--   open_share      double   of the mature ones, the share that may still go on
select
    stage.map_name,
    counted.stage_no,
    stage.stage,
    counted.factor,
    counted.horizon_us / 86400000000.0 as horizon_days,
    counted.frontier,
    counted.progressed,
    counted.dropped,
    counted.open,
    counted.mature,
    ever.rate as ever_drop_rate,
    ever.lo as ever_lo,
    ever.hi as ever_hi,
    counted.mature_open / cast(nullif(counted.mature, 0) as double) as open_share
from silence_counts as counted
inner join cfg_map_stages as stage on stage.map_no = counted.map_no and stage.stage_no = counted.stage_no
left join outcome_intervals as ever
    on ever.figure = 'ever_drop_at'
    and ever.map_no = counted.map_no
    and ever.item = counted.stage_no || '-' || counted.factor
order by counted.map_no, counted.stage_no, counted.horizon_us
