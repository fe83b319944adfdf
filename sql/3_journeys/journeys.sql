-- One row per journey of a map.
--
-- converted: the goal was reached. dropped_explicit: it ended at an abandon touchpoint. dropped_silent:
-- nothing happened before the as-of moment for the horizon of its furthest stage (silence_horizons) or
-- longer, or the customer has begun another journey. open: it may still go on. A customer's second journey
-- is the second by journey_no, not number 2. Its events are in journey_steps, under the same three numbers.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no             integer        map
--   map_name           varchar        its name
--   journey_id         varchar        stable while earlier events do not change
--   customer_no        integer        customer
--   customer_id        varchar        customer, as a pseudonym
--   journey_no         integer        place among the customer's events of the first one after the journey before closed; 1: none did
--   status             varchar        converted, dropped_explicit, dropped_silent or open
--   is_closed          boolean        whether it is over: false means that it may still go on
--   is_left_truncated  boolean        whether its beginning may lie before the data or before its first stage
--   truncated_by       varchar        of a customer's first journey. window: it begins within the silence
--                      after its source's first event or recorded_since; stage: it is first seen beyond
--                      the first stage; NULL: neither, or it is a later one
--   started_at         timestamp      first step, UTC
--   ended_at           timestamp      last step, UTC
--   goal_at            timestamp      when the goal was first reached, UTC; NULL: not yet
--   started_us         bigint         first step, UTC microseconds
--   ended_us           bigint         last step, UTC microseconds
--   goal_us            bigint         goal, UTC microseconds
--   steps              bigint         how many events it holds
--   steps_to_goal      integer        steps up to the goal; NULL: not reached
--   staged_steps       bigint         how many of them have a stage
--   sessions           bigint         sessions that it touches
--   first_stage_no     integer        first stage; NULL: no step has one
--   last_stage_no      integer        last stage
--   furthest_stage_no  integer        highest stage
--   value              decimal(38,2)  money of its events; NULL: none carries any
select
    fact.map_no,
    map.map_name,
    customer.customer_id || '-' || fact.map_no || '-' || fact.journey_no as journey_id,
    fact.customer_no,
    customer.customer_id,
    fact.journey_no,
    fact.status,
    fact.is_closed,
    fact.truncated_by is not null as is_left_truncated,
    fact.truncated_by,
    make_timestamp(fact.started_us) as started_at,
    make_timestamp(fact.ended_us) as ended_at,
    make_timestamp(fact.goal_us) as goal_at,
    fact.started_us,
    fact.ended_us,
    fact.goal_us,
    fact.steps,
    fact.steps_to_goal,
    fact.staged_steps,
    fact.sessions,
    fact.first_stage_no,
    fact.last_stage_no,
    fact.furthest_stage_no,
    valued.value
from journey_facts as fact
inner join cfg_maps as map on map.map_no = fact.map_no
inner join numbered_customers as customer on customer.customer_no = fact.customer_no
left join journey_values as valued
    on valued.map_no = fact.map_no
    and valued.customer_no = fact.customer_no
    and valued.journey_no = fact.journey_no
