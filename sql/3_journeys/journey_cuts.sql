-- One row per event and map, with the places in the customer's events that decide its journey.
--
-- Nothing is summed here: journey_steps reads it once for maps that open anywhere and once for maps
-- with a start touchpoint.
--
-- kind:     view
-- grain:    map_no, event_no
-- columns:
--   has_start               boolean  whether the map's journeys open only at a start touchpoint
--   map_no                  integer  map
--   customer_no             integer  customer
--   position                integer  place among the customer's events, from 1
--   event_no                bigint   the event
--   occurred_us             bigint   when it happened, UTC microseconds
--   gap_us                  bigint   time since the customer's event before
--   session_no              integer  session of the customer; NULL: a passive event in none
--   is_across               boolean  whether the customer's event before is in another session, or one is in none
--   touchpoint_no           integer  touchpoint
--   previous_touchpoint_no  integer  touchpoint of the customer's event before
--   channel_no              integer  channel
--   previous_channel_no     integer  channel of the customer's event before
--   stage_no                integer  stage; NULL: off the axis
--   is_goal                 boolean  whether it reaches the goal
--   is_abandon              boolean  whether it ends a journey explicitly
--   may_open                boolean  whether a journey may open here
--   opened_position         integer  last place at which the journey before was closed
--   staged_position         integer  last place before this one that has a stage
--   staged_no               integer  stage of that place
--   staged_us               bigint   time of that place
--   staged_session_no       integer  session of that place; 0: it is in none
with

placed as (

    select
        role.map_no,
        event.customer_no,
        event.position,
        event.event_no,
        event.occurred_us,
        event.gap_us,
        event.session_no,
        event.session_no is null or event.split_no is not null as is_across,
        event.touchpoint_no,
        event.previous_touchpoint_no,
        event.channel_no,
        event.previous_channel_no,
        role.stage_no,
        role.is_goal,
        role.is_abandon,
        map.has_start,
        role.is_start or not map.has_start as may_open,
        event.position = 1 or event.gap_us >= map.silence_us or previous.closes as breaks
    from ordered_events as event
    inner join touchpoint_roles as role on role.touchpoint_no = event.touchpoint_no
    inner join cfg_maps as map on map.map_no = role.map_no
    left join touchpoint_roles as previous
        on previous.map_no = role.map_no and previous.touchpoint_no = event.previous_touchpoint_no
    cross join as_of
    where event.occurred_us <= as_of.as_of_us

)

select
    has_start,
    map_no,
    customer_no,
    position,
    event_no,
    occurred_us,
    gap_us,
    session_no,
    is_across,
    touchpoint_no,
    previous_touchpoint_no,
    channel_no,
    previous_channel_no,
    stage_no,
    is_goal,
    is_abandon,
    may_open,
    last_value(case when breaks then position end ignore nulls) over (
        partition by has_start, map_no, customer_no
        order by position
        rows between unbounded preceding and current row
    ) as opened_position,
    last_value(case when stage_no is not null then position end ignore nulls) over (
        partition by has_start, map_no, customer_no
        order by position
        rows between unbounded preceding and 1 preceding
    ) as staged_position,
    last_value(stage_no ignore nulls) over (
        partition by has_start, map_no, customer_no
        order by position
        rows between unbounded preceding and 1 preceding
    ) as staged_no,
    last_value(case when stage_no is not null then occurred_us end ignore nulls) over (
        partition by has_start, map_no, customer_no
        order by position
        rows between unbounded preceding and 1 preceding
    ) as staged_us,
    last_value(case when stage_no is not null then coalesce(session_no, 0) end ignore nulls) over (
        partition by has_start, map_no, customer_no
        order by position
        rows between unbounded preceding and 1 preceding
    ) as staged_session_no
from placed
