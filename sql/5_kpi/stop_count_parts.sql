-- One row per map, group of journeys, touchpoint and range of customers: visits that end there, or go on.
--
-- Steps at the same touchpoint, one after the other, are one visit; its time is that of its last step. It
-- is mature where that lies the longest silence horizon of the map before the as-of moment, or longer: by
-- then it is known whether the journey went on. Of journeys that have a stage, as in all rates: what comes
-- after an order, and leads nowhere by itself, begins a journey without one.
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
--   went_on        bigint   mature visits that another touchpoint followed, in journeys that are over or reached the goal
--   won            bigint   of these, those of journeys that reached the goal at the first of them or later
--   customers      bigint   customers of the mature visits
--   alone          bigint   of them, those all of whose mature visits are of the group
--   stops_squared   bigint   sum over customers of the square of their stops; NULL of a value
--   stops_visits    bigint   sum over customers of their stops times their mature visits; NULL of a value
--   visits_squared  bigint   sum over customers of the square of their mature visits; NULL of a value
with

horizons as (

    select map_no, max(horizon_us) as horizon_us
    from silence_horizons
    group by map_no

),

ended as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        step.previous_touchpoint_no as touchpoint_no,
        step.occurred_us - step.gap_us as left_us,
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
        cast(null as bigint),
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
        count(case when is_dropped then 1 end) as dropped,
        count(case when is_mature then left_us end) as mature_moves,
        min(left_us) as left_us
    from ended
    group by map_no, customer_no, journey_no, touchpoint_no

),

followed as (

    select
        summed.map_no,
        summed.customer_no,
        summed.journey_no,
        summed.touchpoint_no,
        summed.visits,
        summed.mature_visits,
        summed.stops,
        summed.dropped,
        case when fact.is_closed or fact.goal_us is not null then summed.mature_moves else 0 end as went_on,
        case when fact.goal_us >= summed.left_us then summed.mature_moves else 0 end as won
    from summed
    inner join journey_facts as fact
        on fact.map_no = summed.map_no
        and fact.customer_no = summed.customer_no
        and fact.journey_no = summed.journey_no
    where fact.staged_steps > 0

),

lived as (

    select
        map_no,
        customer_no,
        touchpoint_no,
        sum(visits) as visits,
        sum(mature_visits) as mature_visits,
        sum(stops) as stops,
        sum(dropped) as dropped,
        sum(went_on) as went_on,
        sum(won) as won
    from followed
    group by map_no, customer_no, touchpoint_no

),

valued as (

    select
        followed.map_no,
        own.segment_no,
        own.value_no,
        followed.touchpoint_no,
        followed.customer_no,
        sum(followed.visits) as visits,
        sum(followed.mature_visits) as mature_visits,
        sum(followed.stops) as stops,
        sum(followed.dropped) as dropped,
        sum(followed.went_on) as went_on,
        sum(followed.won) as won,
        max(lived.mature_visits) as all_mature
    from followed
    inner join journey_segments as own
        on own.map_no = followed.map_no
        and own.customer_no = followed.customer_no
        and own.journey_no = followed.journey_no
    inner join lived
        on lived.map_no = followed.map_no
        and lived.customer_no = followed.customer_no
        and lived.touchpoint_no = followed.touchpoint_no
    group by followed.map_no, own.segment_no, own.value_no, followed.touchpoint_no, followed.customer_no

)

select
    map_no,
    0 as segment_no,
    0 as value_no,
    touchpoint_no,
    cast(sum(visits) as bigint) as visits,
    cast(sum(mature_visits) as bigint) as mature_visits,
    cast(sum(stops) as bigint) as stops,
    cast(sum(dropped) as bigint) as dropped,
    cast(sum(went_on) as bigint) as went_on,
    cast(sum(won) as bigint) as won,
    count(case when mature_visits > 0 then 1 end) as customers,
    count(case when mature_visits > 0 then 1 end) as alone,
    cast(sum(stops * stops) as bigint) as stops_squared,
    cast(sum(stops * mature_visits) as bigint) as stops_visits,
    cast(sum(mature_visits * mature_visits) as bigint) as visits_squared
from lived
group by map_no, touchpoint_no
union all
select
    map_no,
    segment_no,
    value_no,
    touchpoint_no,
    cast(sum(visits) as bigint),
    cast(sum(mature_visits) as bigint),
    cast(sum(stops) as bigint),
    cast(sum(dropped) as bigint),
    cast(sum(went_on) as bigint),
    cast(sum(won) as bigint),
    count(case when mature_visits > 0 then 1 end),
    count(case when mature_visits > 0 and mature_visits = all_mature then 1 end),
    cast(null as bigint),
    cast(null as bigint),
    cast(null as bigint)
from valued
group by map_no, segment_no, value_no, touchpoint_no
