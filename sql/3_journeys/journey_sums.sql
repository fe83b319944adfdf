-- One row per journey: the sums of its steps, before anything is said about how it ended.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no               integer  map
--   customer_no          integer  customer
--   journey_no           integer  place among the customer's events of the first one after the journey before closed; 1: none did
--   started_us           bigint   first step, UTC microseconds
--   ended_us             bigint   last step, UTC microseconds
--   next_started_us      bigint   first step of the customer's next journey; NULL: there is none
--   goal_us              bigint   first step that reaches the goal; NULL: none does
--   steps_to_goal        integer  place of the first step that reaches the goal; NULL: none does
--   is_abandoned         boolean  whether a step ends it explicitly
--   first_event_no       bigint   event of the first step
--   steps                bigint   steps
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
select
    map_no,
    customer_no,
    journey_no,
    min(occurred_us) as started_us,
    max(occurred_us) as ended_us,
    lead(min(occurred_us)) over (partition by map_no, customer_no order by journey_no) as next_started_us,
    min(case when is_goal then occurred_us end) as goal_us,
    min(case when is_goal then step_no end) as steps_to_goal,
    bool_or(is_abandon) as is_abandoned,
    min(case when step_no = 1 then event_no end) as first_event_no,
    count(*) as steps,
    count(stage_no) as staged_steps,
    cast(coalesce(max(session_no) - min(session_no) + 1, 0) as bigint) as sessions,
    cast(max(cast(step_no as bigint) * 2147483648 + touchpoint_no) % 2147483648 as integer) as last_touchpoint_no,
    cast(max(cast(step_no as bigint) * 2147483648 + channel_no) % 2147483648 as integer) as last_channel_no,
    min(case when previous_stage_no is null then stage_no end) as first_stage_no,
    cast(
        max(case when stage_no is not null then cast(step_no as bigint) * 2147483648 + stage_no end) % 2147483648
        as integer
    ) as last_stage_no,
    max(stage_no) as furthest_stage_no,
    coalesce(bit_or(case when stage_no is not null then cast(1 as bigint) << stage_no end), 0) as touched_stages,
    cast(coalesce(sum(abs(stage_no - previous_stage_no)), 0) as bigint) as total_variation,
    cast(coalesce(sum(greatest(previous_stage_no - stage_no, 0)), 0) as bigint) as back_distance,
    count(case when stage_no <> previous_stage_no then 1 end) as moves,
    count(case when stage_no < previous_stage_no then 1 end) as back_moves,
    count(case when stage_no > previous_stage_no + 1 then 1 end) as skip_moves
from journey_steps
group by map_no, customer_no, journey_no
