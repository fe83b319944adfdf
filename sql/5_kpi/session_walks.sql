-- One row per journey and session that it touches with a stage: how it moves between stages within it.
--
-- The pieces that sessions, and customers, are put together from.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, customer_no, journey_no, session_no
-- columns:
--   map_no             integer  map
--   customer_no        integer  customer
--   journey_no         integer  journey
--   session_no         integer  session of the customer
--   first_stage_no     integer  first stage
--   last_stage_no      integer  last stage
--   furthest_stage_no  integer  highest stage
--   touched_stages     bigint   stages with a step, as bits: 2 to the power of stage_no for each
--   staged_steps       bigint   steps that have a stage
--   total_variation    bigint   stage movement
--   moves              bigint   changes of stage
--   back_moves         bigint   changes to an earlier stage
--   skip_moves         bigint   changes forward by more than one stage
with

summed as (

    select
        map_no,
        customer_no,
        journey_no,
        session_no,
        min(
            cast(step_no as bigint) * 65536 + coalesce(previous_stage_no, stage_no) * 256 + stage_no
        ) as entry,
        cast(max(cast(step_no as bigint) * 256 + stage_no) % 256 as integer) as last_stage_no,
        max(stage_no) as furthest_stage_no,
        bit_or(cast(1 as bigint) << stage_no) as touched_stages,
        count(*) as staged_steps,
        cast(coalesce(sum(abs(stage_no - previous_stage_no)), 0) as bigint) as total_variation,
        count(case when stage_no <> previous_stage_no then 1 end) as moves,
        count(case when stage_no < previous_stage_no then 1 end) as back_moves,
        count(case when stage_no > previous_stage_no + 1 then 1 end) as skip_moves
    from journey_steps
    where stage_no is not null and session_no is not null
    group by map_no, customer_no, journey_no, session_no

),

entered as (

    select
        *,
        cast(entry % 256 as integer) as first_stage_no,
        cast(floor(entry / 256) as bigint) % 256 as previous_stage_no
    from summed

)

select
    map_no,
    customer_no,
    journey_no,
    session_no,
    first_stage_no,
    last_stage_no,
    furthest_stage_no,
    touched_stages,
    staged_steps,
    total_variation - abs(first_stage_no - previous_stage_no) as total_variation,
    moves - case when first_stage_no <> previous_stage_no then 1 else 0 end as moves,
    back_moves - case when first_stage_no < previous_stage_no then 1 else 0 end as back_moves,
    skip_moves - case when first_stage_no > previous_stage_no + 1 then 1 else 0 end as skip_moves
from entered
