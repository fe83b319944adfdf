-- One row per journey that the report shows as an example; there it has a number and no name.
--
-- Taken are journeys that stand for links, edges and listed paths of as many views as possible. With
-- privacy_k above 1 a journey is an example only where enough customers take its very path.
--
-- grain:    map_no, example_no
-- columns:
--   map_no       integer  map
--   example_no   integer  number in the report, from 1
--   customer_no  integer  customer
--   journey_no   integer  journey
with

named as (

    select map.map_no, flow.example
    from segment_flows as flow
    inner join cfg_maps as map on map.map_name = flow.map_name
    where flow.step_no <= 7
    union all
    select map_no, example
    from segment_moves
    where example is not null
    union all
    select map.map_no, path.example
    from segment_variants as path
    inner join cfg_maps as map on map.map_name = path.map_name
    where path.variant_no > 0

),

counted as (

    select map_no, example, count(*) as uses
    from named
    group by map_no, example

),

common as (

    select path.map_no, path.path_key, path.other_key, path.nodes
    from path_keys as path
    cross join cfg_settings as setting
    where setting.privacy_k > 1 and path.level_no = 1
    group by path.map_no, path.path_key, path.other_key, path.nodes
    having count(distinct path.customer_no) >= max(setting.privacy_k)

),

allowed as (

    select
        counted.map_no,
        counted.example,
        row_number() over (partition by counted.map_no order by counted.uses desc, counted.example) as example_no
    from counted
    inner join path_keys as path
        on path.map_no = counted.map_no
        and path.level_no = 1
        and path.customer_no = cast(floor(counted.example / 4294967296) as integer)
        and path.journey_no = cast(counted.example % 4294967296 as integer)
    cross join cfg_settings as setting
    left join common
        on common.map_no = path.map_no
        and common.path_key = path.path_key
        and common.other_key = path.other_key
        and common.nodes = path.nodes
    where setting.privacy_k = 1 or common.nodes is not null

)

select
    map_no,
    cast(example_no as integer) as example_no,
    cast(floor(example / 4294967296) as integer) as customer_no,
    cast(example % 4294967296 as integer) as journey_no
from allowed
where example_no <= 600
order by map_no, example_no
