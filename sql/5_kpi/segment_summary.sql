-- One row per map and value of a segment: how its journeys end, and how many convert.
--
-- The columns are those of map_summary; segment all has its very rows.
--
-- grain:    map_no, segment_no, value_no
-- columns:
--   map_no                 integer  map
--   map_name               varchar  its name
--   segment_no             integer  segment; 0: all
--   segment                varchar  its name
--   value_no               integer  value, as in segment_values
--   value                  varchar  its name
--   is_partial             boolean  whether it is a period in which the data begin or end
--   customers              bigint   customers who made journeys
--   journeys               bigint   journeys
--   staged_journeys        bigint   of them, those with at least one stage: what rates are read from
--   converted              bigint   of the staged ones, those that reached the goal
--   dropped_explicit       bigint   of the staged ones, those that ended at an abandon touchpoint
--   dropped_silent         bigint   of the staged ones, those that fell silent
--   open                   bigint   of the staged ones, those that may still go on
--   left_truncated         bigint   of the staged ones, those whose beginning may lie before the data
--   within_days            double   horizon T
--   conversion_rate        double   chance to reach the goal within T; NULL: nobody was watched that long
--   conversion_lo          double   lower end of its 95 % interval
--   conversion_hi          double   upper end of its 95 % interval
--   conversion_rate_naive  double   converted / staged: an open journey counts as lost
--   naive_lo               double   lower end of its 95 % Wilson interval
--   naive_hi               double   upper end of its 95 % Wilson interval
--   median_days_to_goal    double   days by which half have converted; NULL: fewer than half do within T
--   p90_days_to_goal       double   days by which nine of ten have; NULL: fewer do within T
--   median_steps_to_goal   double   median steps of the journeys that converted
--   is_small               boolean  whether journeys with a stage, or customers, are fewer than 30: shown, but never ranked
select
    counted.map_no,
    map.map_name,
    counted.segment_no,
    named.segment,
    counted.value_no,
    named.value,
    named.is_partial,
    counted.customers,
    counted.journeys,
    counted.staged_journeys,
    counted.converted,
    counted.dropped_explicit,
    counted.dropped_silent,
    counted.open,
    counted.left_truncated,
    map.within_us / 86400000000.0 as within_days,
    rated.progress_rate as conversion_rate,
    rated.progress_lo as conversion_lo,
    rated.progress_hi as conversion_hi,
    naive.rate as conversion_rate_naive,
    naive.lo as naive_lo,
    naive.hi as naive_hi,
    rated.median_us / 86400000000.0 as median_days_to_goal,
    rated.p90_us / 86400000000.0 as p90_days_to_goal,
    counted.median_steps_to_goal,
    least(counted.staged_journeys, counted.customers) < 30 as is_small
from journey_outcomes as counted
inner join cfg_maps as map on map.map_no = counted.map_no
inner join segment_values as named on named.segment_no = counted.segment_no and named.value_no = counted.value_no
left join progress_rates as rated
    on rated.map_no = counted.map_no
    and rated.segment_no = counted.segment_no
    and rated.value_no = counted.value_no
    and rated.stage_no = 0
    and not rated.is_rest
left join outcome_intervals as naive
    on naive.figure = 'conversion_rate_naive'
    and naive.map_no = counted.map_no
    and naive.segment_no = counted.segment_no
    and naive.value_no = counted.value_no
order by counted.map_no, counted.segment_no, counted.value_no
