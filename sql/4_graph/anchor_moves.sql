-- One row per journey, anchor and move near it: from the node at a step to the node at the next.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no, anchor_no, step_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   anchor_no    integer  anchor
--   class_no     bigint   class of journeys, as in journey_classes
--   is_first     boolean  whether it is the customer's first journey, as there
--   step_no      integer  step that is left: 0 the anchor, -3 the earliest, 2 the latest
--   from_no      integer  node that is left, as figures draw it
--   to_no        integer  node that is entered
with

offsets as (

    select -3 as step_no
    union all
    select -2
    union all
    select -1
    union all
    select 0
    union all
    select 1
    union all
    select 2

),

paired as (

    select
        visit.map_no,
        visit.customer_no,
        visit.journey_no,
        visit.anchor_no,
        visit.class_no,
        visit.is_first,
        offsets.step_no,
        case offsets.step_no
            when -3 then visit.before_3
            when -2 then visit.before_2
            when -1 then visit.before_1
            when 0 then visit.node_no
            when 1 then visit.after_1
            else visit.after_2
        end as from_no,
        case offsets.step_no
            when -3 then visit.before_2
            when -2 then visit.before_1
            when -1 then visit.node_no
            when 0 then visit.after_1
            when 1 then visit.after_2
            else visit.after_3
        end as to_no
    from anchor_visits as visit
    cross join offsets

)

select map_no, customer_no, journey_no, anchor_no, class_no, is_first, step_no, from_no, to_no
from paired
where from_no is not null and to_no is not null
