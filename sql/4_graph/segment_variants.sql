-- One row per listed path, for the journeys with a value of a segment and an outcome.
--
-- The paths are the hundred that are listed for all journeys of the map and level, with the same rank;
-- all others together are (other). Values are those that the report shows.
--
-- grain:    map_name, level, segment, value, among, variant_no
-- columns:
--   map_name       varchar  map
--   level          varchar  touchpoint, or stage with repeats merged
--   segment        varchar  segment; all: every journey
--   value          varchar  value of the segment
--   among          varchar  which journeys: all, converted, dropped or open
--   variant_no     integer  rank by frequency among all journeys, from 1; 0: (other)
--   path           varchar  names of its nodes, parted by " > "; (other)
--   journeys       bigint   journeys that take it
--   of_journeys    bigint   journeys that have a path at this level
--   customers      bigint   of journeys, those that are the first of their customer
--   of_customers   bigint   of of_journeys, those that are the first of their customer
--   converted      bigint   of journeys, those that converted
--   example        bigint   one of these journeys: customer_no * 2^32 + journey_no
with

listed as (

    select
        variant.map_no,
        variant.level_no,
        variant.variant_no,
        path.path_key,
        path.other_key,
        path.nodes
    from variant_counts as variant
    inner join path_keys as path
        on path.map_no = variant.map_no
        and path.level_no = variant.level_no
        and path.customer_no = variant.customer_no
        and path.journey_no = variant.journey_no

),

counted as (

    select
        path.map_no,
        path.level_no,
        class.class_no,
        coalesce(listed.variant_no, 0) as variant_no,
        count(*) as journeys,
        count(case when class.is_first then 1 end) as customers,
        count(case when class.class_no % 4 = 1 then 1 end) as converted,
        min(cast(path.customer_no as bigint) * 4294967296 + path.journey_no) as example
    from path_keys as path
    inner join journey_classes as class
        on class.map_no = path.map_no
        and class.customer_no = path.customer_no
        and class.journey_no = path.journey_no
    left join listed
        on listed.map_no = path.map_no
        and listed.level_no = path.level_no
        and listed.path_key = path.path_key
        and listed.other_key = path.other_key
        and listed.nodes = path.nodes
    group by path.map_no, path.level_no, class.class_no, coalesce(listed.variant_no, 0)

),

gathered as (

    select
        counted.map_no,
        counted.level_no,
        class.segment_no,
        class.shown_no,
        class.among_no,
        counted.variant_no,
        sum(counted.journeys) as journeys,
        sum(counted.customers) as customers,
        sum(counted.converted) as converted,
        min(counted.example) as example
    from counted
    inner join class_values as class on class.class_no = counted.class_no
    group by all

)

select
    map.map_name,
    levels.level,
    shown.segment,
    shown.shown as value,
    amongst.among,
    gathered.variant_no,
    coalesce(spelled.path, '(other)') as path,
    cast(gathered.journeys as bigint) as journeys,
    cast(sum(gathered.journeys) over whole as bigint) as of_journeys,
    cast(gathered.customers as bigint) as customers,
    cast(sum(gathered.customers) over whole as bigint) as of_customers,
    cast(gathered.converted as bigint) as converted,
    gathered.example
from gathered
inner join cfg_maps as map on map.map_no = gathered.map_no
inner join levels on levels.level_no = gathered.level_no
inner join amongst on amongst.among_no = gathered.among_no
inner join shown_names as shown
    on shown.map_no = gathered.map_no
    and shown.segment_no = gathered.segment_no
    and shown.shown_no = gathered.shown_no
left join variant_paths as spelled
    on spelled.map_no = gathered.map_no
    and spelled.level_no = gathered.level_no
    and spelled.variant_no = gathered.variant_no
window whole as (
    partition by gathered.map_no, gathered.level_no, gathered.segment_no, gathered.shown_no, gathered.among_no
)
order by
    gathered.map_no, gathered.level_no, gathered.segment_no, gathered.shown_no, gathered.among_no, gathered.variant_no
