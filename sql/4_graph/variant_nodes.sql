-- One row per place of each listed path: the node that stands there, up to the sixty-first place.
--
-- Sixty are spelled out: a path that has a sixty-first is longer.
--
-- grain:    map_no, level_no, variant_no, place
-- columns:
--   map_no      integer  map
--   level_no    integer  1 touchpoint, 2 stage
--   variant_no  integer  rank of the path
--   place       integer  place in the path, from 1
--   node        varchar  name of the node
select
    variant.map_no,
    variant.level_no,
    variant.variant_no,
    step.step_no as place,
    named.touchpoint as node
from variant_counts as variant
inner join journey_steps as step
    on step.map_no = variant.map_no
    and step.customer_no = variant.customer_no
    and step.journey_no = variant.journey_no
inner join touchpoint_names as named on named.touchpoint_no = step.touchpoint_no
where variant.level_no = 1 and step.step_no <= 61
union all
select
    variant.map_no,
    variant.level_no,
    variant.variant_no,
    visit.visit_no,
    stage.stage
from variant_counts as variant
inner join stage_visits as visit
    on visit.map_no = variant.map_no
    and visit.customer_no = variant.customer_no
    and visit.journey_no = variant.journey_no
inner join cfg_map_stages as stage
    on stage.map_no = visit.map_no and stage.stage_no = visit.stage_no
where variant.level_no = 2 and visit.visit_no <= 61
