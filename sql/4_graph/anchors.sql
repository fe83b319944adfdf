-- One row per touchpoint that step flows are drawn around: the twelve of a map that most journeys visit.
--
-- grain:    map_no, anchor_no
-- columns:
--   map_no         integer  map
--   anchor_no      integer  rank by journeys, from 1
--   touchpoint_no  integer  touchpoint
--   anchor         varchar  its name
--   journeys       bigint   journeys that visit it
--   customers      bigint   customers that do
with

ranked as (

    select
        node.map_no,
        node.node_no,
        node.drawn,
        counted.journeys,
        counted.customers,
        row_number() over (partition by node.map_no order by counted.journeys desc, node.drawn) as anchor_no
    from drawn_nodes as node
    inner join node_counts as counted
        on counted.map_no = node.map_no
        and counted.level_no = node.level_no
        and counted.node_no = node.node_no
    where node.level_no = 1 and node.kind = 'real'

)

select map_no, cast(anchor_no as integer) as anchor_no, node_no as touchpoint_no, drawn as anchor, journeys, customers
from ranked
where anchor_no <= 12
order by map_no, anchor_no
