-- One row per map: how its journeys end.
--
-- grain:    map_name
-- columns:
--   map_name               varchar  map
--   customers              bigint   customers who made journeys
--   journeys               bigint   journeys
--   staged_journeys        bigint   of them, those with at least one stage: what rates are read from
--   converted              bigint   of the staged ones, those that reached the goal
--   dropped_explicit       bigint   of the staged ones, those that ended at an abandon touchpoint
--   dropped_silent         bigint   of the staged ones, those that fell silent
--   open                   bigint   of the staged ones, those that have not converted and may still go on
--   left_truncated         bigint   of the staged ones, those whose beginning may lie before the data
--   within_days            double   horizon T
--   conversion_rate        double   chance to reach the goal within T; NULL: nobody was watched that long
--   conversion_lo          double   lower end of its 95 % interval
--   conversion_hi          double   upper end of its 95 % interval
--   conversion_rate_naive  double   converted / staged: an open journey counts as lost
--   median_days_to_goal    double   days by which half have converted; NULL: fewer than half do within T
--   median_steps_to_goal   double   median steps of the journeys that converted
--   unmapped_share         double   of all steps, those at touchpoints that no rule made
--   off_axis_share         double   of all steps, those without a stage
--   tie_share              double   of all customers' events, those at the same time as another
--   left_truncated_share   double   left_truncated / staged
with

unmapped as (

    select counted.map_no, sum(counted.visits) as steps
    from node_counts as counted
    inner join touchpoint_names as named on named.touchpoint_no = counted.node_no
    where counted.level_no = 1 and not named.is_mapped
    group by counted.map_no

),

tied as (

    select
        sum(tied_events) / cast(nullif(sum(rows_loaded - unidentified_events), 0) as double) as tie_share
    from source_quality

)

select
    map.map_name,
    coalesce(summary.customers, 0) as customers,
    coalesce(summary.journeys, 0) as journeys,
    coalesce(summary.staged_journeys, 0) as staged_journeys,
    coalesce(summary.converted, 0) as converted,
    coalesce(summary.dropped_explicit, 0) as dropped_explicit,
    coalesce(summary.dropped_silent, 0) as dropped_silent,
    coalesce(summary.open, 0) as open,
    coalesce(summary.left_truncated, 0) as left_truncated,
    map.within_us / 86400000000.0 as within_days,
    summary.conversion_rate,
    summary.conversion_lo,
    summary.conversion_hi,
    summary.conversion_rate_naive,
    summary.median_days_to_goal,
    summary.median_steps_to_goal,
    coalesce(unmapped.steps, 0) / cast(nullif(counted.steps, 0) as double) as unmapped_share,
    1 - counted.staged_steps / cast(nullif(counted.steps, 0) as double) as off_axis_share,
    tied.tie_share,
    summary.left_truncated / cast(nullif(summary.staged_journeys, 0) as double) as left_truncated_share
from cfg_maps as map
left join segment_summary as summary on summary.map_no = map.map_no and summary.segment_no = 0
left join journey_outcomes as counted on counted.map_no = map.map_no and counted.segment_no = 0
left join unmapped on unmapped.map_no = map.map_no
cross join tied
order by map.map_no
