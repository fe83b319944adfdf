-- One row per map, group of journeys and fate: how many journeys got how far, touched what, and ended how.
--
-- A group is a value of a segment, or segment 0: all journeys. Journeys without a stage have none.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, furthest_stage_no, last_stage_no, ordered_stage_no, touched_stages, status
-- columns:
--   map_no             integer  map
--   segment_no         integer  segment; 0: all
--   value_no           integer  value, as in segment_values
--   furthest_stage_no  integer  highest stage
--   last_stage_no      integer  last stage
--   ordered_stage_no   integer  highest stage that was touched in order, after all those before it; 0: none
--   touched_stages     bigint   stages with a step, as bits
--   status             varchar  converted, dropped_explicit, dropped_silent or open
--   journeys           bigint   journeys
with

ordered as (

    select map_no, customer_no, journey_no, max(stage_no) as ordered_stage_no
    from ordered_stages
    group by map_no, customer_no, journey_no

)

select
    fact.map_no,
    own.segment_no,
    own.value_no,
    fact.furthest_stage_no,
    fact.last_stage_no,
    coalesce(ordered.ordered_stage_no, 0) as ordered_stage_no,
    fact.touched_stages,
    fact.status,
    count(*) as journeys
from journey_facts as fact
left join ordered
    on ordered.map_no = fact.map_no
    and ordered.customer_no = fact.customer_no
    and ordered.journey_no = fact.journey_no
inner join segmented_journeys as own
    on own.map_no = fact.map_no and own.customer_no = fact.customer_no and own.journey_no = fact.journey_no
where fact.staged_steps > 0
group by
    fact.map_no,
    own.segment_no,
    own.value_no,
    fact.furthest_stage_no,
    fact.last_stage_no,
    coalesce(ordered.ordered_stage_no, 0),
    fact.touched_stages,
    fact.status
