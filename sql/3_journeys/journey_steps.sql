-- One row per event of a journey, for each map: where the journey stands at every step.
--
-- A journey opens at the first event after the last one closed; it closes at the goal (where the map
-- closes there), at an explicit abandon, or by a silence of silence_us or longer. Where the map names
-- start touchpoints, events before the first of them are in no journey. Events after the as-of moment
-- are in none.
--
-- ranges:   customer_no
-- grain:    map_no, event_no
-- columns:
--   map_no                  integer  map
--   customer_no             integer  customer
--   journey_no              integer  number of the journey: place of the first event after the one before closed; 1: none did
--   step_no                 integer  place in the journey, from 1
--   event_no                bigint   the event
--   occurred_us             bigint   when it happened, UTC microseconds
--   session_no              integer  session of the customer; NULL: a passive event in none
--   touchpoint_no           integer  touchpoint
--   previous_touchpoint_no  integer  touchpoint of the step before; NULL for the first step
--   channel_no              integer  channel
--   previous_channel_no     integer  channel of the step before; NULL for the first step
--   gap_us                  bigint   time since the step before; NULL for the first step
--   stage_no                integer  stage; NULL: off the axis
--   previous_stage_no       integer  stage of the last step before that had one; NULL: none had
--   stage_gap_us            bigint   time since that step
--   is_across               boolean  whether the step before is in another session, or one of both is in none
--   is_stage_across         boolean  whether this has a stage, and so it is with the last step before that had one
--   is_goal                 boolean  whether it reaches the goal
--   is_abandon              boolean  whether it ends the journey explicitly
with

opened as (

    select
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
        opened_position,
        opened_position as first_position,
        staged_position,
        staged_no,
        staged_us,
        staged_session_no
    from journey_cuts
    where not has_start
    union all
    select
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
        opened_position,
        min(case when may_open then position end) over (
            partition by map_no, customer_no, opened_position
        ) as first_position,
        staged_position,
        staged_no,
        staged_us,
        staged_session_no
    from journey_cuts
    where has_start

)

select
    map_no,
    customer_no,
    opened_position as journey_no,
    position - first_position + 1 as step_no,
    event_no,
    occurred_us,
    session_no,
    touchpoint_no,
    case when position > first_position then previous_touchpoint_no end as previous_touchpoint_no,
    channel_no,
    case when position > first_position then previous_channel_no end as previous_channel_no,
    case when position > first_position then gap_us end as gap_us,
    stage_no,
    case when staged_position >= first_position then staged_no end as previous_stage_no,
    case when staged_position >= first_position and stage_no is not null then occurred_us - staged_us end as stage_gap_us,
    position > first_position and is_across as is_across,
    stage_no is not null
    and coalesce(staged_position >= first_position, false)
    and session_no is distinct from staged_session_no as is_stage_across,
    is_goal,
    is_abandon
from opened
where position >= first_position
