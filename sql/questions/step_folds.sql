-- One row per node near the anchor: the node that it is shown as, itself or (other).
--
-- The nodes at which most units are, over all the steps, are shown by themselves; virtual ones always.
--
-- grain:    group_no, node_no
-- columns:
--   group_no  integer  group
--   node_no   integer  node
--   shown_no  integer  the node, or -4: (other)
with

counted as (

    select group_no, node_no, node_no between -5 and -1 and node_no <> -4 as is_virtual, count(*) as units
    from step_places
    group by group_no, node_no

),

ranked as (

    select
        group_no,
        node_no,
        is_virtual,
        row_number() over (partition by group_no, is_virtual order by units desc, node_no) as place
    from counted

)

select
    ranked.group_no,
    ranked.node_no,
    case when ranked.is_virtual or asked.nodes = 0 or ranked.place <= asked.nodes then ranked.node_no else -4 end as shown_no
from ranked
inner join asked_steps as asked on asked.group_no = ranked.group_no
