-- One row per node near the anchor: the node that it is shown as, itself or (other).
--
-- The nodes at which most units are, over all the steps, are shown by themselves.
--
-- grain:    group_no, node_no
-- columns:
--   group_no  integer  group
--   node_no   integer  node; below zero virtual
--   shown_no  integer  the node, or -4: (other)
with

counted as (

    select group_no, node_no, count(*) as units
    from step_places
    where node_no >= 0
    group by group_no, node_no

),

ranked as (

    select group_no, node_no, row_number() over (partition by group_no order by units desc, node_no) as place
    from counted

),

virtual as (

    select -1 as node_no
    union all
    select -2
    union all
    select -3
    union all
    select -4
    union all
    select -5

)

select
    ranked.group_no,
    ranked.node_no,
    case when asked.nodes = 0 or ranked.place <= asked.nodes then ranked.node_no else -4 end as shown_no
from ranked
inner join asked_steps as asked on asked.group_no = ranked.group_no
union all
select asked.group_no, virtual.node_no, virtual.node_no
from asked_steps as asked
cross join virtual
