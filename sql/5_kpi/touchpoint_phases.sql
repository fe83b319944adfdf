-- One row per map, touchpoint and phase: when it is met, seen from the customer's first goal.
--
-- before: earlier than the customer's first goal, or of a customer who has not reached it. at: a step that
-- reaches the goal, or one later in the session of the first. after: any other.
--
-- grain:    map_name, touchpoint, phase
-- columns:
--   map_name            varchar  map
--   touchpoint          varchar  touchpoint
--   phase               varchar  before, at or after
--   events              bigint   steps at the touchpoint in this phase
--   customers           bigint   customers with at least one
--   event_share         double   of all steps at the touchpoint, those in this phase
--   buyer_events        bigint   steps of customers who have reached the goal
--   buyer_event_share   double   of all such steps at the touchpoint, those in this phase; NULL: there are none
with

summed as (

    select
        map_no,
        touchpoint_no,
        phase,
        sum(events) as events,
        sum(customers) as customers,
        sum(case when is_buyer then events else 0 end) as buyer_events
    from phase_parts
    group by map_no, touchpoint_no, phase

)

select
    map.map_name,
    named.touchpoint,
    summed.phase,
    cast(summed.events as bigint) as events,
    cast(summed.customers as bigint) as customers,
    summed.events / cast(
        sum(summed.events) over (partition by summed.map_no, summed.touchpoint_no) as double
    ) as event_share,
    cast(summed.buyer_events as bigint) as buyer_events,
    summed.buyer_events / cast(
        nullif(sum(summed.buyer_events) over (partition by summed.map_no, summed.touchpoint_no), 0) as double
    ) as buyer_event_share
from summed
inner join cfg_maps as map on map.map_no = summed.map_no
inner join touchpoint_names as named on named.touchpoint_no = summed.touchpoint_no
order by
    summed.map_no,
    summed.touchpoint_no,
    case summed.phase when 'before' then 1 when 'at' then 2 else 3 end
