-- One row per journey of a map.
--
-- converted: the goal was reached. dropped_explicit: it ended at an abandon touchpoint. dropped_silent:
-- nothing happened for silence_us or longer before the as-of moment. open: it may still go on.
--
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no             integer        map
--   map_name           varchar        its name
--   journey_id         varchar        stable while earlier events do not change
--   customer_no        integer        customer
--   customer_id        varchar        customer, as a pseudonym
--   journey_no         integer        place among the customer's events at which the journey before closed
--   cycle_no           integer        number among the customer's journeys of the map, from 1
--   status             varchar        converted, dropped_explicit, dropped_silent or open
--   is_closed          boolean        whether it is over: false means that it may still go on
--   is_left_truncated  boolean        whether its beginning may lie before the data or before its first stage
--   truncated_by       varchar        window: it begins within the silence after the first event of its
--                      source; stage: it is first seen beyond the first stage; NULL: neither
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
--   value              decimal(18,2)  money of its events; NULL: none carries any
with

valued as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        cast(sum(detail.value) as decimal(18, 2)) as value
    from event_details as detail
    inner join journey_steps as step on step.event_no = detail.event_no
    where detail.value is not null
    group by step.map_no, step.customer_no, step.journey_no

),

recorded as (

    select
        part.source_no,
        coalesce(min(source.recorded_since_us), min(part.first_us)) as since_us
    from parts as part
    inner join cfg_sources as source on source.source_no = part.source_no
    group by part.source_no

),

judged as (

    select
        summed.map_no,
        map.map_name,
        customer.customer_id || '-' || summed.map_no || '-' || summed.journey_no as journey_id,
        summed.customer_no,
        customer.customer_id,
        summed.journey_no,
        cast(
            row_number() over (partition by summed.map_no, summed.customer_no order by summed.journey_no) as integer
        ) as cycle_no,
        case
            when summed.goal_us is not null then 'converted'
            when summed.is_abandoned then 'dropped_explicit'
            when as_of.as_of_us - summed.ended_us >= map.silence_us then 'dropped_silent'
            else 'open'
        end as status,
        coalesce(
            (summed.goal_us is not null and map.closes = 'goal')
            or summed.is_abandoned
            or as_of.as_of_us - summed.ended_us >= map.silence_us,
            false
        ) as is_closed,
        summed.started_us - recorded.since_us < map.silence_us as is_early,
        summed.first_stage_no > 1 as is_beyond,
        summed.started_us,
        summed.ended_us,
        summed.goal_us,
        summed.steps,
        summed.steps_to_goal,
        summed.staged_steps,
        cast(summed.sessions as bigint) as sessions,
        summed.first_stage_no,
        summed.last_stage_no,
        summed.furthest_stage_no,
        valued.value
    from journey_sums as summed
    inner join cfg_maps as map on map.map_no = summed.map_no
    inner join numbered_customers as customer on customer.customer_no = summed.customer_no
    inner join parts as part on part.file_no = cast(floor(summed.first_event_no / 1099511627776) as integer)
    inner join recorded on recorded.source_no = part.source_no
    cross join as_of
    left join valued
        on valued.map_no = summed.map_no
        and valued.customer_no = summed.customer_no
        and valued.journey_no = summed.journey_no

)

select
    map_no,
    map_name,
    journey_id,
    customer_no,
    customer_id,
    journey_no,
    cycle_no,
    status,
    is_closed,
    coalesce((cycle_no = 1 and is_early) or is_beyond, false) as is_left_truncated,
    case when cycle_no = 1 and is_early then 'window' when is_beyond then 'stage' end as truncated_by,
    make_timestamp(started_us) as started_at,
    make_timestamp(ended_us) as ended_at,
    make_timestamp(goal_us) as goal_at,
    started_us,
    ended_us,
    goal_us,
    steps,
    steps_to_goal,
    staged_steps,
    sessions,
    first_stage_no,
    cast(last_stage_no as integer) as last_stage_no,
    furthest_stage_no,
    value
from judged
