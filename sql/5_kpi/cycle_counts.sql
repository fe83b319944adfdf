-- One row per map and sales-cycle class: how many of the journeys that reached the goal took so long.
--
-- kind:     view
-- grain:    map_no, class_no
-- columns:
--   map_no        integer  map
--   class_no      integer  1 instant to 5 more than 180 days
--   class         varchar  its name
--   horizon_days  integer  longest time of the class, days; NULL: more than 180
--   journeys      bigint   journeys that reached the goal within the class
--   converted     bigint   journeys that reached the goal
with

classes as (

    select 1 as class_no, 'instant' as class, 1 as horizon_days
    union all
    select 2, 'up to 7 days', 7
    union all
    select 3, 'up to 30 days', 30
    union all
    select 4, 'up to 180 days', 180
    union all
    select 5, 'more than 180 days', null

),

classed as (

    select
        map_no,
        case
            when is_one_session or to_goal_us <= 86400000000 then 1
            when to_goal_us <= 7 * 86400000000 then 2
            when to_goal_us <= 30 * 86400000000 then 3
            when to_goal_us <= 180 * 86400000000 then 4
            else 5
        end as class_no,
        count(*) as journeys
    from journey_touches
    group by all

)

select
    map.map_no,
    classes.class_no,
    classes.class,
    classes.horizon_days,
    coalesce(classed.journeys, 0) as journeys,
    cast(coalesce(sum(classed.journeys) over (partition by map.map_no), 0) as bigint) as converted
from cfg_maps as map
cross join classes
left join classed on classed.map_no = map.map_no and classed.class_no = classes.class_no
