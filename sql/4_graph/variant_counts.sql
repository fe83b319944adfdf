-- One row per path that journeys take, the hundred most frequent of each map and level.
--
-- grain:    map_no, level_no, variant_no
-- columns:
--   map_no           integer  map
--   level_no         integer  1 touchpoint, 2 stage
--   variant_no       integer  rank by frequency, from 1
--   nodes            bigint   length of the path
--   journeys         bigint   journeys that take it
--   all_journeys     bigint   journeys of the map at this level
--   customers        bigint   customers who take it
--   converted        bigint   of its journeys, those that converted
--   open             bigint   of its journeys, those whose outcome is open
--   median_us        double   median time from first to last step, microseconds
--   total_variation  bigint   stage movement of its journeys
--   progress         bigint   net advance of its journeys
--   customer_no      integer  customer of the journey that stands for the path
--   journey_no       integer  journey that stands for the path
with

counted as (

    select
        path.map_no,
        path.level_no,
        path.path_key,
        path.other_key,
        path.nodes,
        count(*) as journeys,
        count(case when journey.status = 'converted' then 1 end) as converted,
        count(case when journey.status = 'open' then 1 end) as open,
        min(cast(path.customer_no as bigint) * 4294967296 + path.journey_no) as example
    from path_keys as path
    inner join journey_facts as journey
        on journey.map_no = path.map_no
        and journey.customer_no = path.customer_no
        and journey.journey_no = path.journey_no
    group by path.map_no, path.level_no, path.path_key, path.other_key, path.nodes

),

ranked as (

    select
        map_no,
        level_no,
        path_key,
        other_key,
        nodes,
        journeys,
        converted,
        open,
        example,
        sum(journeys) over (partition by map_no, level_no) as all_journeys,
        row_number() over (partition by map_no, level_no order by journeys desc, nodes, path_key, other_key) as variant_no
    from counted

),

timed as (

    select
        ranked.map_no,
        ranked.level_no,
        ranked.variant_no,
        count(distinct path.customer_no) as customers,
        median(cast(journey.ended_us - journey.started_us as double)) as median_us,
        sum(journey.total_variation) as total_variation,
        sum(journey.furthest_stage_no - journey.first_stage_no) as progress
    from ranked
    inner join path_keys as path
        on path.map_no = ranked.map_no
        and path.level_no = ranked.level_no
        and path.path_key = ranked.path_key
        and path.other_key = ranked.other_key
        and path.nodes = ranked.nodes
    inner join journey_facts as journey
        on journey.map_no = path.map_no
        and journey.customer_no = path.customer_no
        and journey.journey_no = path.journey_no
    where ranked.variant_no <= 100
    group by ranked.map_no, ranked.level_no, ranked.variant_no

)

select
    ranked.map_no,
    ranked.level_no,
    cast(ranked.variant_no as integer) as variant_no,
    ranked.nodes,
    ranked.journeys,
    cast(ranked.all_journeys as bigint) as all_journeys,
    timed.customers,
    ranked.converted,
    ranked.open,
    timed.median_us,
    cast(timed.total_variation as bigint) as total_variation,
    cast(coalesce(timed.progress, 0) as bigint) as progress,
    cast(floor(ranked.example / 4294967296) as integer) as customer_no,
    cast(ranked.example % 4294967296 as integer) as journey_no
from ranked
inner join timed
    on timed.map_no = ranked.map_no
    and timed.level_no = ranked.level_no
    and timed.variant_no = ranked.variant_no
order by ranked.map_no, ranked.level_no, ranked.variant_no
