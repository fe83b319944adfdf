-- One row per journey that takes a path of variants.
--
-- kind:     view
-- grain:    group_no, customer_no, unit_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   unit_no      integer  journey_no
--   times        bigint   1: a journey takes one path
--   first_us     bigint   first step, UTC microseconds
--   last_us      bigint   last step
--   status       varchar  outcome of the journey
with

sought as (

    select path.map_no, path.level_no, path.path_key, path.other_key, path.nodes
    from asked_variant as asked
    inner join variant_counts as variant
        on variant.level_no = asked.level_no and variant.variant_no = asked.variant_no
    inner join path_keys as path
        on path.map_no = variant.map_no
        and path.level_no = variant.level_no
        and path.customer_no = variant.customer_no
        and path.journey_no = variant.journey_no

)

select
    scoped.group_no,
    scoped.map_no,
    scoped.customer_no,
    scoped.journey_no as unit_no,
    cast(1 as bigint) as times,
    journey.started_us as first_us,
    journey.ended_us as last_us,
    journey.status
from scoped_journeys as scoped
inner join path_keys as path
    on path.map_no = scoped.map_no
    and path.customer_no = scoped.customer_no
    and path.journey_no = scoped.journey_no
inner join sought
    on sought.map_no = path.map_no
    and sought.level_no = path.level_no
    and sought.path_key = path.path_key
    and sought.other_key = path.other_key
    and sought.nodes = path.nodes
inner join journey_facts as journey
    on journey.map_no = scoped.map_no
    and journey.customer_no = scoped.customer_no
    and journey.journey_no = scoped.journey_no
