-- One row per visit of a journey to a stage: steps at the same stage, one after the other, are one visit.
--
-- ranges:   customer_no
-- grain:    map_no, customer_no, journey_no, visit_no
-- columns:
--   map_no           integer  map
--   customer_no      integer  customer
--   journey_no       integer  journey
--   visit_no         integer  place among the journey's visits, from 1
--   stage_no         integer  stage
--   next_stage_no    integer  stage of the next visit; NULL: this is the last
--   furthest_before  integer  furthest stage of the visits before; 0 for the first visit
--   is_first_visit   boolean  whether the journey had not been at the stage before
--   entered_us       bigint   first step of the visit, UTC microseconds
--   entered_step     integer  its place in the journey
with

walked as (

    select
        map_no,
        customer_no,
        journey_no,
        cast(row_number() over walk as integer) as visit_no,
        stage_no,
        lead(stage_no) over walk as next_stage_no,
        max(stage_no) over earlier as furthest_before,
        bit_or(cast(1 as bigint) << stage_no) over earlier as stages_before,
        occurred_us as entered_us,
        step_no as entered_step
    from journey_steps
    where stage_no is not null and stage_no is distinct from previous_stage_no
    window
        walk as (partition by map_no, customer_no, journey_no order by step_no),
        earlier as (
            partition by map_no, customer_no, journey_no
            order by step_no
            rows between unbounded preceding and 1 preceding
        )

)

select
    map_no,
    customer_no,
    journey_no,
    visit_no,
    stage_no,
    next_stage_no,
    coalesce(furthest_before, 0) as furthest_before,
    coalesce(stages_before & (cast(1 as bigint) << stage_no), 0) = 0 as is_first_visit,
    entered_us,
    entered_step
from walked
