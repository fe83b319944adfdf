-- One row per map, and per map and touchpoint at which journeys begin: the touches that it took to the goal.
--
-- Touches are the events before the goal that are not outbound. They are known only of journeys that reached
-- it, and these are the quicker ones as long as others are open; the days to the goal are not so biased;
-- they are read to the minute, a goal at the next full one. Percentiles are values that occur.
--
-- grain:    map_name, entry_touchpoint
-- columns:
--   map_name             varchar  map
--   entry_touchpoint     varchar  touchpoint of the first step, or (all)
--   journeys             bigint   journeys that reached the goal
--   shortest_touches     bigint   10th percentile of their touches: the shortest way
--   median_touches       bigint   median of their touches
--   most_touches         bigint   90th percentile of their touches
--   median_touchpoints   double   median of the different touchpoints among them
--   mean_excess          double   mean touches beyond the shortest way from the same first touchpoint
--   multi_channel_share  double   of these journeys, the share that came by two channels or more
--   multi_channel_lo     double   lower end of its 95 % Wilson interval
--   multi_channel_hi     double   upper end of its 95 % Wilson interval
--   median_days_to_goal  double   days by which half of all journeys have reached it (Kaplan-Meier), of (all)
--                                 alone; NULL: fewer than half do
with

listed as (

    select map_no, entry_touchpoint_no
    from touch_counts
    where entry_touchpoint_no > 0
    union all
    select map_no, 0
    from cfg_maps

)

select
    map.map_name,
    coalesce(named.touchpoint, '(all)') as entry_touchpoint,
    coalesce(counted.journeys, 0) as journeys,
    counted.shortest_touches,
    counted.median_touches,
    counted.most_touches,
    counted.median_touchpoints,
    counted.excess / cast(counted.journeys as double) as mean_excess,
    shared.rate as multi_channel_share,
    shared.lo as multi_channel_lo,
    shared.hi as multi_channel_hi,
    chance.median_days as median_days_to_goal
from listed
inner join cfg_maps as map on map.map_no = listed.map_no
left join touchpoint_names as named on named.touchpoint_no = listed.entry_touchpoint_no
left join touch_counts as counted
    on counted.map_no = listed.map_no and counted.entry_touchpoint_no = listed.entry_touchpoint_no
left join kpi_share_intervals as shared
    on shared.successes = counted.multi_channel and shared.trials = counted.journeys
left join kpi_chances as chance
    on listed.entry_touchpoint_no = 0
    and chance.figure = 'goal'
    and chance.group_no = listed.map_no
    and chance.horizon_days = 1
order by listed.map_no, listed.entry_touchpoint_no
