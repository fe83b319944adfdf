-- One row per journey and walk that it is a piece of: a session that it touches, or its customer.
--
-- kind:     view
-- grain:    map_no, cut, customer_no, walk_no, journey_no
-- columns:
--   map_no             integer  map
--   cut                varchar  session or customer
--   customer_no        integer  customer
--   walk_no            integer  session_no or 0
--   journey_no         integer  journey
--   first_stage_no     integer  first stage
--   last_stage_no      integer  last stage
--   furthest_stage_no  integer  highest stage
--   touched_stages     bigint   stages with a step, as bits: 2 to the power of stage_no for each
--   staged_steps       bigint   steps that have a stage
--   total_variation    bigint   stage movement
--   moves              bigint   changes of stage
--   back_moves         bigint   changes to an earlier stage
--   skip_moves         bigint   changes forward by more than one stage
select
    map_no,
    'session' as cut,
    customer_no,
    session_no as walk_no,
    journey_no,
    first_stage_no,
    last_stage_no,
    furthest_stage_no,
    touched_stages,
    staged_steps,
    total_variation,
    moves,
    back_moves,
    skip_moves
from session_walks
union all
select
    map_no,
    'customer',
    customer_no,
    0,
    journey_no,
    first_stage_no,
    last_stage_no,
    furthest_stage_no,
    touched_stages,
    staged_steps,
    total_variation,
    moves,
    back_moves,
    skip_moves
from journey_facts
where staged_steps > 0
