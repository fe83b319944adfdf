-- One row per visit of each distinct path of stages, read off the journey that it is numbered after.
--
-- kind:     view
-- grain:    map_no, path_no, visit_no
-- columns:
--   map_no       integer  map
--   path_no      bigint   path
--   visit_no     integer  place in the path, from 1
--   stage_no     integer  stage
--   customer_no  integer  customer of that journey
select
    path.map_no,
    path.path_no,
    visit.visit_no,
    visit.stage_no,
    path.customer_no
from journey_paths as path
inner join stage_visits as visit
    on visit.map_no = path.map_no
    and visit.customer_no = path.customer_no
    and visit.journey_no = path.journey_no
where path.is_example
