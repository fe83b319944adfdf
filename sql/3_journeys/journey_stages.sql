-- One row per journey and stage that it reached, passed or not: when it got there and when beyond.
--
-- A journey has reached stage k when it has been at k or at any later stage.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no, stage_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   stage_no     integer  stage
--   is_touched   boolean  whether an event was at this very stage; else it was skipped
--   touched_us   bigint   first event at this very stage; NULL: skipped
--   reached_us   bigint   first event at this stage or a later one
--   beyond_us    bigint   first event at a later stage; NULL: not yet
select
    advance.map_no,
    advance.customer_no,
    advance.journey_no,
    stage.stage_no,
    visit.entered_us is not null as is_touched,
    visit.entered_us as touched_us,
    advance.reached_us,
    case when stage.stage_no < advance.stage_no then advance.reached_us else advance.beyond_us end as beyond_us
from stage_advances as advance
inner join cfg_map_stages as stage
    on stage.map_no = advance.map_no
    and stage.stage_no > advance.furthest_before
    and stage.stage_no <= advance.stage_no
left join stage_visits as visit
    on visit.map_no = advance.map_no
    and visit.customer_no = advance.customer_no
    and visit.journey_no = advance.journey_no
    and visit.stage_no = stage.stage_no
    and visit.is_first_visit
