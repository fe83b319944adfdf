-- One row per move of a journey at each level: from the step before to the step, and out at its end.
--
-- A move from a node to itself is a move. Node numbers below zero are virtual: -1 (start), -2 (exit):
-- the journey is over, -3 (open): it may still go on.
--
-- kind:     view
-- grain:    map_no, level_no, customer_no, journey_no, move_no
-- columns:
--   map_no       integer  map
--   level_no     integer  level
--   customer_no  integer  customer
--   journey_no   integer  journey
--   move_no      integer  place in the journey; the last one leaves it
--   from_no      integer  node that is left: touchpoint_no, stage_no or channel_no
--   to_no        integer  node that is entered
--   gap_us       bigint   time between the two; NULL to and from virtual nodes
--   is_bridged   boolean  whether it leads from stage to stage over steps that have none
--   is_across    boolean  whether it leads from one session into another; an event in none is one of its own
select
    map_no,
    1 as level_no,
    customer_no,
    journey_no,
    step_no as move_no,
    coalesce(previous_touchpoint_no, -1) as from_no,
    touchpoint_no as to_no,
    gap_us,
    false as is_bridged,
    is_across
from journey_steps
union all
select
    step.map_no,
    2,
    step.customer_no,
    step.journey_no,
    step.step_no,
    coalesce(step.previous_stage_no, -1),
    step.stage_no,
    step.stage_gap_us,
    step.previous_stage_no is not null and previous.stage_no is null,
    step.is_stage_across
from journey_steps as step
left join touchpoint_roles as previous
    on previous.map_no = step.map_no and previous.touchpoint_no = step.previous_touchpoint_no
where step.stage_no is not null
union all
select
    map_no,
    3,
    customer_no,
    journey_no,
    step_no,
    coalesce(previous_channel_no, -1),
    channel_no,
    gap_us,
    false,
    is_across
from journey_steps
union all
select
    journey.map_no,
    levels.level_no,
    journey.customer_no,
    journey.journey_no,
    2147483647,
    case levels.level_no
        when 1 then journey.last_touchpoint_no
        when 2 then journey.last_stage_no
        else journey.last_channel_no
    end,
    case when journey.is_closed then -2 else -3 end,
    cast(null as bigint),
    false,
    false
from journey_facts as journey
cross join levels
where levels.level_no <> 2 or journey.last_stage_no is not null
