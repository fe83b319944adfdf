-- One row per journey that has a stage: the path of stages that it takes, repeats merged.
--
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   path_no      bigint   path; journeys of a map with the same path have the same number
--   is_example   boolean  whether the path is numbered after this journey: one journey of each path is
with

distinct_paths as (

    select
        map_no,
        path_key,
        other_key,
        nodes,
        min(cast(customer_no as bigint) * 4294967296 + journey_no) as path_no
    from path_keys
    where level_no = 2
    group by map_no, path_key, other_key, nodes

)

select
    path.map_no,
    path.customer_no,
    path.journey_no,
    named.path_no,
    named.path_no = cast(path.customer_no as bigint) * 4294967296 + path.journey_no as is_example
from path_keys as path
inner join distinct_paths as named
    on named.map_no = path.map_no
    and named.path_key = path.path_key
    and named.other_key = path.other_key
    and named.nodes = path.nodes
where path.level_no = 2
