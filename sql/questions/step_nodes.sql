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

    select asked.group_no, name.node_no, name.node
    from asked_graph as asked
    inner join asked_scope as scope on scope.group_no = asked.group_no
    inner join node_names as name on name.map_no = scope.map_no and name.level_no = asked.level_no

),

visited as (

    select place.group_no, place.step, fold.shown_no as node_no, place.customer_no, count(*) as units
    from step_places as place
    inner join step_folds as fold on fold.group_no = place.group_no and fold.node_no = place.node_no
    group by place.group_no, place.step, fold.shown_no, place.customer_no

),

-- A unit is at (start) at every step before its first visit, and out at every step after its last.
ended as (

    select group_no, customer_no, -1 as node_no, step, 1 as earlier
    from step_places
    where from_no = -1
    union all
    select group_no, customer_no, ends_no, step, 0
    from step_places
    where ends_no is not null

),

ends as (

    select group_no, node_no, earlier, step, count(*) as units
    from ended
    group by group_no, node_no, earlier, step

),

first_ends as (

    select group_no, node_no, earlier, step, count(*) as customers
    from (
        select group_no, customer_no, node_no, earlier, case earlier when 1 then max(step) else min(step) end as step
        from ended
        group by group_no, customer_no, node_no, earlier
    ) as lived
    group by group_no, node_no, earlier, step

),

counted as (

    select group_no, step, node_no, sum(units) as units, count(*) as customers
    from visited
    group by group_no, step, node_no
    union all
    select ends.group_no, ahead.step, ends.node_no, sum(ends.units), sum(coalesce(first_ends.customers, 0))
    from ends
    inner join asked_step_offsets as ahead
        on ahead.group_no = ends.group_no
        and case ends.earlier when 1 then ahead.step < ends.step else ahead.step > ends.step end
    left join first_ends
        on first_ends.group_no = ends.group_no
        and first_ends.node_no = ends.node_no
        and first_ends.step = ends.step
    group by ends.group_no, ahead.step, ends.node_no

)

select
    counted.group_no,
    counted.step,
    counted.node_no,
    case counted.node_no when -5 then '(more)' else named.node end as node,
    cast(counted.units as bigint) as units,
    cast(counted.customers as bigint) as customers,
    cast(sum(counted.units) over (partition by counted.group_no, counted.step) as bigint) as all_units
from counted
left join named on named.group_no = counted.group_no and named.node_no = counted.node_no
