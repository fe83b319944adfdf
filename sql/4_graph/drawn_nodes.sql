-- One row per node of the graph: the node as which figures by segment draw it.
--
-- All stages, and the sixteen most visited touchpoints and channels of a map, are drawn under their own
-- names; the others are one node, (other).
--
-- grain:    map_no, level_no, node_no
-- columns:
--   map_no    integer  map
--   level_no  integer  level
--   node_no   integer  node; below zero for virtual nodes
--   drawn_no  integer  node that is drawn; -4: (other)
--   drawn     varchar  its name
--   kind      varchar  real, start, exit, open or other
--   stage_no  integer  its stage; NULL: none
--   place     integer  rank of real nodes by visits, from 1; NULL for the others
with

ranked as (

    select
        named.map_no,
        named.level_no,
        named.node_no,
        named.node,
        named.kind,
        named.stage_no,
        row_number() over (
            partition by named.map_no, named.level_no, named.kind
            order by coalesce(counted.visits, 0) desc, named.node
        ) as place
    from node_names as named
    left join node_counts as counted
        on counted.map_no = named.map_no
        and counted.level_no = named.level_no
        and counted.node_no = named.node_no

),

settled as (

    select
        map_no,
        level_no,
        node_no,
        node,
        kind,
        stage_no,
        place,
        kind = 'real' and level_no <> 2 and place > 16 as is_folded
    from ranked

)

select
    map_no,
    level_no,
    node_no,
    case when is_folded then -4 else node_no end as drawn_no,
    case when is_folded then '(other)' else node end as drawn,
    case when is_folded then 'other' else kind end as kind,
    case when not is_folded then stage_no end as stage_no,
    cast(case when kind = 'real' and not is_folded then place end as integer) as place
from settled
order by map_no, level_no, node_no
