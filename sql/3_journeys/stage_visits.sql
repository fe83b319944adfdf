-- One row per visit of a journey to a stage: steps at the same stage, one after the other, are one visit.
--
-- grain:    map_no, customer_no, journey_no, visit_no
-- columns:
--   map_no         integer  map
--   customer_no    integer  customer
--   journey_no     integer  journey
--   visit_no       integer  place among the journey's visits, from 1
--   stage_no       integer  stage
--   next_stage_no  integer  stage of the next visit; NULL: this is the last
--   entered_us     bigint   first step of the visit, UTC microseconds
select
    map_no,
    customer_no,
    journey_no,
    cast(row_number() over walked as integer) as visit_no,
    stage_no,
    lead(stage_no) over walked as next_stage_no,
    occurred_us as entered_us
from journey_steps
where stage_no is not null and stage_no is distinct from previous_stage_no
window walked as (partition by map_no, customer_no, journey_no order by step_no)
