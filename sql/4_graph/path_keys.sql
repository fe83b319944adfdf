-- One row per journey and level with a fingerprint of its path, so that equal paths can be counted.
--
-- At stage level repeats are merged; at touchpoint level they are not. The fingerprint is two sums over
-- scrambled (place, node): equal for equal paths, and for others with a chance of 2^-60. Cubes alone would
-- not do: their sums are those of a few moments, which short paths share (2 > 4 > 1 > 3, 3 > 1 > 4 > 2); so
-- each is multiplied with its own upper half.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, customer_no, journey_no
-- columns:
--   map_no        integer  map
--   level_no      integer  1 touchpoint, 2 stage
--   customer_no   integer  customer
--   journey_no    integer  journey
--   path_key      bigint   first half of the fingerprint
--   other_key     bigint   second half
--   nodes         bigint   length of the path
with

placed as (

    select
        map_no,
        1 as level_no,
        customer_no,
        journey_no,
        (cast(step_no as bigint) * 1000003 + touchpoint_no) % 2147483647 as near,
        (cast(step_no as bigint) * 7919 + cast(touchpoint_no as bigint) * 104729) % 2147483629 as far
    from journey_steps
    union all
    select
        map_no,
        2,
        customer_no,
        journey_no,
        (cast(visit_no as bigint) * 1000003 + stage_no) % 2147483647,
        (cast(visit_no as bigint) * 7919 + cast(stage_no as bigint) * 104729) % 2147483629
    from stage_visits

),

cubed as (

    select
        map_no,
        level_no,
        customer_no,
        journey_no,
        near * near % 2147483647 * near % 2147483647 as near,
        far * far % 2147483629 * far % 2147483629 as far
    from placed

)

select
    map_no,
    level_no,
    customer_no,
    journey_no,
    cast(sum(near * ((near >> 15) + 40503) % 2147483647) as bigint) as path_key,
    cast(sum(far * ((far >> 13) + 69069) % 2147483629) as bigint) as other_key,
    count(*) as nodes
from cubed
group by map_no, level_no, customer_no, journey_no
