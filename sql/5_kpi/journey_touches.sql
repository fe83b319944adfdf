-- One row per journey that reached its goal: what the customer touched before it.
--
-- Outbound contacts are left out: they are the sender's doing.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no               integer  map
--   customer_no          integer  customer
--   journey_no           integer  journey
--   entry_touchpoint_no  integer  touchpoint of its first step
--   is_one_session       boolean  whether it reached the goal in the session in which it began
--   to_goal_us           bigint   from its first step to the goal, microseconds
--   touches              bigint   events before the goal that are not outbound
--   touchpoints          bigint   different touchpoints of them
--   is_multi_channel     boolean  whether they came by two channels or more
with

outbound as (

    select event_no
    from event_details
    where lower(direction) = 'outbound'
    union
    select event.event_no
    from kpi_events as event
    inner join invitations as sent on sent.touchpoint_no = event.touchpoint_no

),

walked as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        step.touchpoint_no,
        min(case when step.step_no = 1 then step.touchpoint_no end) as entry_touchpoint_no,
        min(step.session_no) as first_session_no,
        max(step.session_no) as last_session_no,
        count(*) - count(step.session_no) as loose_steps,
        max(fact.goal_us - fact.started_us) as to_goal_us,
        count(case when step.step_no < fact.steps_to_goal and outbound.event_no is null then 1 end) as touches,
        min(
            case
                when step.step_no < fact.steps_to_goal and outbound.event_no is null and step.channel_no > 0
                    then step.channel_no
            end
        ) as lowest_channel_no,
        max(
            case
                when step.step_no < fact.steps_to_goal and outbound.event_no is null and step.channel_no > 0
                    then step.channel_no
            end
        ) as highest_channel_no
    from journey_steps as step
    inner join journey_facts as fact
        on fact.map_no = step.map_no
        and fact.customer_no = step.customer_no
        and fact.journey_no = step.journey_no
        and step.step_no <= fact.steps_to_goal
    left join outbound on outbound.event_no = step.event_no
    where fact.goal_us is not null and fact.staged_steps > 0
    group by step.map_no, step.customer_no, step.journey_no, step.touchpoint_no

)

select
    map_no,
    customer_no,
    journey_no,
    max(entry_touchpoint_no) as entry_touchpoint_no,
    coalesce(min(first_session_no) = max(last_session_no) and sum(loose_steps) = 0, false) as is_one_session,
    max(to_goal_us) as to_goal_us,
    cast(sum(touches) as bigint) as touches,
    count(case when touches > 0 then 1 end) as touchpoints,
    coalesce(min(lowest_channel_no) < max(highest_channel_no), false) as is_multi_channel
from walked
group by map_no, customer_no, journey_no
