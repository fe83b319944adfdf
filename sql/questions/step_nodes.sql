-- One row per step round the anchor, and node: how many units are there then.
--
-- The units of every step add up to those that have the anchor.
--
-- grain:    group_no, step, node_no
-- columns:
--   group_no   integer  group
--   step       integer  steps after the anchor; below zero before it
--   node_no    integer  node; below zero virtual: -1 (start), -2 (exit), -3 (open), -4 (other), -5 (more)
--   node       varchar  its name
--   units      bigint   units that are there
--   customers  bigint   customers of these
--   all_units  bigint   units that have the anchor
with

named as (

    select distinct asked.group_no, name.node_no, name.node
    from asked_graph as asked
    inner join asked_scope as scope on scope.group_no = asked.group_no
    inner join node_names as name on name.map_no = scope.map_no and name.level_no = asked.level_no

),

lived as (

    select place.group_no, place.step, fold.shown_no as node_no, place.customer_no, count(*) as units
    from step_places as place
    inner join step_folds as fold on fold.group_no = place.group_no and fold.node_no = place.node_no
    group by place.group_no, place.step, fold.shown_no, place.customer_no

),

counted as (

    select group_no, step, node_no, cast(sum(units) as bigint) as units, count(*) as customers
    from lived
    group by group_no, step, node_no

)

select
    counted.group_no,
    counted.step,
    counted.node_no,
    case counted.node_no when -5 then '(more)' else named.node end as node,
    counted.units,
    counted.customers,
    cast(sum(counted.units) over (partition by counted.group_no, counted.step) as bigint) as all_units
from counted
left join named on named.group_no = counted.group_no and named.node_no = counted.node_no
