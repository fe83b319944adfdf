-- One row per journey, in numbers: what the view journeys shows with names.
--
-- converted: the goal was reached. dropped_explicit: it ended at an abandon touchpoint. dropped_silent:
-- nothing happened before the as-of moment for the horizon of its furthest stage (silence_horizons) or
-- longer, or the customer has begun another journey. open: it may still go on.
--
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no               integer  map
--   customer_no          integer  customer
--   journey_no           integer  place among the customer's events of the first one after the journey before closed; 1: none did
--   status               varchar  converted, dropped_explicit, dropped_silent or open
--   is_closed            boolean  whether it is over: false means that it may still go on
--   standing             integer  narrowest population that it is in. 1: it may still go on; 2: it is over; 3: it is
--                over, its beginning was seen, and it began at least silence_us before the as-of moment, so that
--                quick endings are not favoured; NULL: no step has a stage
--   truncated_by         varchar  why the beginning of a customer's first journey may lie before the data.
--                window: it begins within the silence after its source's first event or recorded_since; stage: it
--                is first seen beyond the first stage; NULL: neither, or it is a later one
--   started_us           bigint   first step, UTC microseconds
--   ended_us             bigint   last step, UTC microseconds
--   goal_us              bigint   first step that reaches the goal; NULL: none does
--   steps                bigint   steps
--   steps_to_goal        integer  place of the first step that reaches the goal; NULL: none does
--   staged_steps         bigint   steps that have a stage
--   sessions             bigint   sessions that it touches
--   last_touchpoint_no   integer  touchpoint of the last step
--   last_channel_no      integer  channel of the last step
--   first_stage_no       integer  first stage; NULL: no step has one
--   last_stage_no        integer  last stage
--   furthest_stage_no    integer  highest stage
--   touched_stages       bigint   stages with a step, as bits: 2 to the power of stage_no for each
--   total_variation      bigint   stage movement: sum of the distances between neighbouring stages
--   back_distance        bigint   part of it that went back
--   moves                bigint   changes of stage
--   back_moves           bigint   changes to an earlier stage
--   skip_moves           bigint   changes forward by more than one stage
with

recorded as (

    select
        span.source_no,
        coalesce(source.recorded_since_us, span.first_us) as since_us
    from source_spans as span
    inner join cfg_sources as source on source.source_no = span.source_no

),

judged as (

    select
        summed.map_no,
        summed.customer_no,
        summed.journey_no,
        summed.started_us,
        summed.ended_us,
        summed.goal_us,
        summed.steps,
        summed.steps_to_goal,
        summed.staged_steps,
        summed.sessions,
        summed.last_touchpoint_no,
        summed.last_channel_no,
        summed.first_stage_no,
        summed.last_stage_no,
        summed.furthest_stage_no,
        summed.touched_stages,
        summed.total_variation,
        summed.back_distance,
        summed.moves,
        summed.back_moves,
        summed.skip_moves,
        case
            when summed.goal_us is not null then 'converted'
            when summed.is_abandoned then 'dropped_explicit'
            when
                summed.next_started_us is not null
                or as_of.as_of_us - summed.ended_us >= coalesce(horizon.horizon_us, map.silence_us)
                then 'dropped_silent'
            else 'open'
        end as status,
        (
            (summed.goal_us is not null and map.closes = 'goal')
            or summed.is_abandoned
            or summed.next_started_us is not null
            or as_of.as_of_us - summed.ended_us >= coalesce(horizon.horizon_us, map.silence_us)
        ) as is_closed,
        case
            when summed.journey_no = 1 and summed.started_us - recorded.since_us < map.silence_us then 'window'
            when summed.journey_no = 1 and summed.first_stage_no > 1 then 'stage'
        end as truncated_by,
        as_of.as_of_us - summed.started_us >= map.silence_us as is_mature
    from journey_sums as summed
    left join silence_horizons as horizon
        on horizon.map_no = summed.map_no and horizon.stage_no = summed.furthest_stage_no
    inner join cfg_maps as map on map.map_no = summed.map_no
    inner join parts as part on part.file_no = cast(floor(summed.first_event_no / 1099511627776) as integer)
    inner join recorded on recorded.source_no = part.source_no
    cross join as_of

)

select
    map_no,
    customer_no,
    journey_no,
    status,
    is_closed,
    case
        when staged_steps > 0
            then case when not is_closed then 1 when truncated_by is null and is_mature then 3 else 2 end
    end as standing,
    truncated_by,
    started_us,
    ended_us,
    goal_us,
    steps,
    steps_to_goal,
    staged_steps,
    sessions,
    last_touchpoint_no,
    last_channel_no,
    first_stage_no,
    last_stage_no,
    furthest_stage_no,
    touched_stages,
    total_variation,
    back_distance,
    moves,
    back_moves,
    skip_moves
from judged
