-- One row per visit that takes a journey further than it ever was.
--
-- An advance reaches every stage from the one after furthest_before up to stage_no; those before
-- stage_no were skipped, at least for now.
--
-- ranges:   customer_no
-- grain:    map_no, customer_no, journey_no, stage_no
-- columns:
--   map_no           integer  map
--   customer_no      integer  customer
--   journey_no       integer  journey
--   stage_no         integer  stage that is reached
--   furthest_before  integer  furthest stage before; 0 for the first visit
--   reached_us       bigint   when, UTC microseconds
--   reached_step     integer  at which step of the journey
--   beyond_us        bigint   when the journey went beyond; NULL: it has not
select
    map_no,
    customer_no,
    journey_no,
    stage_no,
    furthest_before,
    entered_us as reached_us,
    entered_step as reached_step,
    lead(entered_us) over (partition by map_no, customer_no, journey_no order by visit_no) as beyond_us
from stage_visits
where stage_no > furthest_before
