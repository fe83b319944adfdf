-- One row per touch: a step with a name to credit, where a session or a journey begins or the name changes.
--
-- What follows at the same channel in the same session is the same touch; a step in no session is a touch of
-- its own. A step at the goal is a touch only where that is asked for: it is what touches are to lead to, and
-- its channel often that of the till.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    customer_no, journey_no, step_no
-- columns:
--   customer_no  integer  customer
--   journey_no   integer  journey that it is a step of
--   step_no      integer  place in that journey
--   occurred_us  bigint   when it happened, UTC microseconds
--   node_no      integer  what is credited
with

campaigned as (

    select detail.event_no, known.node_no
    from event_details as detail
    inner join asked_attribution as asked on asked.credited = 'campaign'
    inner join attribution_names as known on known.name = detail.campaign

),

valued as (

    select
        step.customer_no,
        step.journey_no,
        step.step_no,
        step.session_no,
        step.occurred_us,
        case asked.credited
            when 'channel' then case when step.channel_no > 0 then step.channel_no end
            when 'touchpoint' then step.touchpoint_no
            else campaigned.node_no
        end as node_no
    from journey_steps as step
    inner join asked_attribution as asked on asked.map_no = step.map_no
    left join campaigned on campaigned.event_no = step.event_no
    left join asked_attribution_touchpoints as taken on taken.touchpoint_no = step.touchpoint_no
    where
        (asked.takes_any or taken.touchpoint_no is not null)
        and (asked.takes_goal or not step.is_goal)

),

lagged as (

    select
        customer_no,
        journey_no,
        step_no,
        occurred_us,
        node_no,
        lag(node_no) over (
            partition by customer_no, journey_no, session_no, case when session_no is null then step_no end
            order by step_no
        ) as previous_no
    from valued
    where node_no is not null

)

select customer_no, journey_no, step_no, occurred_us, node_no
from lagged
where node_no is distinct from previous_no
