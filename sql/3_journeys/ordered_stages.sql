-- One row per journey and stage that it touched in order: stages 1 to this one, gaps allowed.
--
-- Walking along the visits, the next stage in order is the one after the highest that came in order so
-- far. A visit to stage k counts when stage k - 1 has counted before it.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, customer_no, journey_no, stage_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   stage_no     integer  stage
with recursive

ordered as (

    select
        map_no,
        customer_no,
        journey_no,
        stage_no,
        min(visit_no) as visit_no
    from stage_visits
    where stage_no = 1
    group by map_no, customer_no, journey_no, stage_no
    union all
    select
        visit.map_no,
        visit.customer_no,
        visit.journey_no,
        visit.stage_no,
        min(visit.visit_no) as visit_no
    from ordered
    inner join stage_visits as visit
        on visit.map_no = ordered.map_no
        and visit.customer_no = ordered.customer_no
        and visit.journey_no = ordered.journey_no
        and visit.stage_no = ordered.stage_no + 1
        and visit.visit_no > ordered.visit_no
    group by visit.map_no, visit.customer_no, visit.journey_no, visit.stage_no

)

select map_no, customer_no, journey_no, stage_no
from ordered
