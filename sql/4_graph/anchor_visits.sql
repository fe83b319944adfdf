-- One row per journey and anchor that it visits: where it is three steps before and after the first visit.
--
-- Repeats of a touchpoint are one step. Nodes are those that figures draw, as in drawn_nodes: -1 (start),
-- -2 (exit), -3 (open), -4 (other). After an end, and before the start, there is nothing: NULL.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no, anchor_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   anchor_no    integer  anchor
--   class_no     bigint   class of journeys, as in journey_classes
--   is_first     boolean  whether it is the customer's first journey, as there
--   before_3     integer  node three steps before
--   before_2     integer  node two steps before
--   before_1     integer  node that comes before
--   node_no      integer  the anchor
--   after_1      integer  node that comes next
--   after_2      integer  node two steps after
--   after_3      integer  node three steps after
with

merged as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        step.step_no,
        node.drawn_no
    from journey_steps as step
    inner join drawn_nodes as node
        on node.map_no = step.map_no and node.level_no = 1 and node.node_no = step.touchpoint_no
    where step.touchpoint_no is distinct from step.previous_touchpoint_no

),

surrounded as (

    select
        map_no,
        customer_no,
        journey_no,
        step_no,
        drawn_no,
        lag(drawn_no, 3) over walk as before_3,
        lag(drawn_no, 2) over walk as before_2,
        lag(drawn_no, 1) over walk as before_1,
        lead(drawn_no, 1) over walk as after_1,
        lead(drawn_no, 2) over walk as after_2,
        lead(drawn_no, 3) over walk as after_3
    from merged
    window walk as (partition by map_no, customer_no, journey_no order by step_no)

),

met as (

    select step.map_no, step.customer_no, step.journey_no, anchor.anchor_no, min(step.step_no) as step_no
    from journey_steps as step
    inner join anchors as anchor on anchor.map_no = step.map_no and anchor.touchpoint_no = step.touchpoint_no
    group by step.map_no, step.customer_no, step.journey_no, anchor.anchor_no

)

select
    met.map_no,
    met.customer_no,
    met.journey_no,
    met.anchor_no,
    class.class_no,
    class.is_first,
    case when visit.before_2 is not null then coalesce(visit.before_3, -1) end as before_3,
    case when visit.before_1 is not null then coalesce(visit.before_2, -1) end as before_2,
    coalesce(visit.before_1, -1) as before_1,
    visit.drawn_no as node_no,
    coalesce(visit.after_1, case when journey.is_closed then -2 else -3 end) as after_1,
    case when visit.after_1 is not null then coalesce(visit.after_2, case when journey.is_closed then -2 else -3 end) end as after_2,
    case when visit.after_2 is not null then coalesce(visit.after_3, case when journey.is_closed then -2 else -3 end) end as after_3
from met
inner join surrounded as visit
    on visit.map_no = met.map_no
    and visit.customer_no = met.customer_no
    and visit.journey_no = met.journey_no
    and visit.step_no = met.step_no
inner join journey_facts as journey
    on journey.map_no = met.map_no
    and journey.customer_no = met.customer_no
    and journey.journey_no = met.journey_no
inner join journey_classes as class
    on class.map_no = met.map_no
    and class.customer_no = met.customer_no
    and class.journey_no = met.journey_no
