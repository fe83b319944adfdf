-- One row per map, group of journeys and touchpoint: visits that end there, or go on.
--
-- A group is a value of a segment, or segment 0: all journeys.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, touchpoint_no
-- columns:
--   map_no         integer  map
--   segment_no     integer  segment; 0: all
--   value_no       integer  value, as in segment_values
--   touchpoint_no  integer  touchpoint
--   visits         bigint   visits
--   mature_visits  bigint   of them, those old enough to know whether the journey went on
--   stops          bigint   of the mature ones, those that were the last of a journey without the goal
--   dropped        bigint   journeys that dropped after it, explicitly or in silence
--   went_on        bigint   mature visits that another touchpoint followed, in journeys that are over or reached the goal
--   won            bigint   of these, those of journeys that reached the goal at the first of them or later
--   customers      bigint   customers of the mature visits
--   alone          bigint   of them, those all of whose mature visits are of the group
--   all_dropped    bigint   journeys of the group that dropped
--   design_effect  double  variance of the stop rate by customer / that by visit, 1 or more; that of all journeys
select
    map_no,
    segment_no,
    value_no,
    touchpoint_no,
    cast(sum(visits) as bigint) as visits,
    cast(sum(mature_visits) as bigint) as mature_visits,
    cast(sum(stops) as bigint) as stops,
    cast(sum(dropped) as bigint) as dropped,
    cast(sum(went_on) as bigint) as went_on,
    cast(sum(won) as bigint) as won,
    cast(sum(customers) as bigint) as customers,
    cast(sum(alone) as bigint) as alone,
    cast(sum(sum(dropped)) over (partition by map_no, segment_no, value_no) as bigint) as all_dropped,
    round(
        coalesce(
            max(
                case
                    when segment_no = 0 and sum(stops) > 0 and sum(stops) < sum(mature_visits)
                        then greatest(
                            (
                                sum(stops_squared)
                                - 2 * sum(stops) / cast(sum(mature_visits) as double) * sum(stops_visits)
                                + sum(stops) / cast(sum(mature_visits) as double)
                                * (sum(stops) / cast(sum(mature_visits) as double))
                                * sum(visits_squared)
                            )
                            / (
                                sum(stops)
                                * (1 - sum(stops) / cast(sum(mature_visits) as double))
                            ),
                            1
                        )
                end
            ) over (partition by map_no, touchpoint_no),
            1
        ),
        9
    ) as design_effect
from stop_count_parts
group by map_no, segment_no, value_no, touchpoint_no
