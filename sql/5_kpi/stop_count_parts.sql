-- One row per map, group of journeys, touchpoint and range of customers: visits that end there, or go on.
--
-- Steps at the same touchpoint, one after the other, are one visit; its time is that of its last step. It
-- is mature where that lies the longest silence horizon of the map before the as-of moment, or longer: by
-- then it is known whether the journey went on.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, segment_no, value_no, touchpoint_no
-- columns:
--   map_no         integer  map
--   segment_no     integer  segment; 0: all
--   value_no       integer  value, as in segment_values
--   touchpoint_no  integer  touchpoint
--   visits         bigint   visits
--   mature_visits  bigint   of them, the mature ones
--   stops          bigint   of the mature ones, those that were the last of a journey without the goal
--   dropped        bigint   journeys that dropped after it, explicitly or in silence
with

horizons as (

    select map.map_no, max(coalesce(horizon.horizon_us, map.silence_us)) as horizon_us
    from cfg_maps as map
    left join silence_horizons as horizon on horizon.map_no = map.map_no
    group by map.map_no

),

ended as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        step.previous_touchpoint_no as touchpoint_no,
        as_of.as_of_us - step.occurred_us + step.gap_us >= horizons.horizon_us as is_mature,
        false as is_stop,
        false as is_dropped
    from journey_steps as step
    inner join horizons on horizons.map_no = step.map_no
    cross join as_of
    where step.previous_touchpoint_no <> step.touchpoint_no
    union all
    select
        fact.map_no,
        fact.customer_no,
        fact.journey_no,
        fact.last_touchpoint_no,
        as_of.as_of_us - fact.ended_us >= horizons.horizon_us,
        as_of.as_of_us - fact.ended_us >= horizons.horizon_us
        and fact.status in ('dropped_explicit', 'dropped_silent'),
        fact.status in ('dropped_explicit', 'dropped_silent')
    from journey_facts as fact
    inner join horizons on horizons.map_no = fact.map_no
    cross join as_of

),

summed as (

    select
        map_no,
        customer_no,
        journey_no,
        touchpoint_no,
        count(*) as visits,
        count(case when is_mature then 1 end) as mature_visits,
        count(case when is_stop then 1 end) as stops,
        count(case when is_dropped then 1 end) as dropped
    from ended
    group by map_no, customer_no, journey_no, touchpoint_no

)

select
    map_no,
    0 as segment_no,
    0 as value_no,
    touchpoint_no,
    cast(sum(visits) as bigint) as visits,
    cast(sum(mature_visits) as bigint) as mature_visits,
    cast(sum(stops) as bigint) as stops,
    cast(sum(dropped) as bigint) as dropped
from summed
group by map_no, touchpoint_no
union all
select
    summed.map_no,
    own.segment_no,
    own.value_no,
    summed.touchpoint_no,
    cast(sum(summed.visits) as bigint),
    cast(sum(summed.mature_visits) as bigint),
    cast(sum(summed.stops) as bigint),
    cast(sum(summed.dropped) as bigint)
from summed
inner join journey_segments as own
    on own.map_no = summed.map_no
    and own.customer_no = summed.customer_no
    and own.journey_no = summed.journey_no
group by summed.map_no, own.segment_no, own.value_no, summed.touchpoint_no
