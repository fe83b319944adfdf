-- One row per move along the paths, and block of customers: from touch to touch, and out at the end.
--
-- Its size is bounded by the number of blocks times that of pairs of names, whatever the number of customers.
--
-- grain:    block_no, from_no, to_no
-- columns:
--   block_no  integer  block of customers
--   from_no   integer  name that is left; -1: (start), -4: (other)
--   to_no     integer  name that is entered; 0: the conversion, -2: it ended without
--   moves     bigint   moves
--   value     double   money of the conversions that are entered
with

moved as (

    select placed.customer_no, coalesce(before.shown_no, -1) as from_no, node.shown_no as to_no, 0 as value
    from attribution_places as placed
    inner join attribution_nodes as node on node.node_no = placed.node_no
    left join attribution_nodes as before on before.node_no = placed.previous_no
    union all
    select placed.customer_no, node.shown_no, case when placed.is_converted then 0 else -2 end, placed.value
    from attribution_places as placed
    inner join attribution_nodes as node on node.node_no = placed.node_no
    where placed.place = placed.places

)

select
    cast(moved.customer_no % asked.blocks as integer) as block_no,
    moved.from_no,
    moved.to_no,
    count(*) as moves,
    cast(sum(moved.value) as double) as value
from moved
cross join asked_attribution as asked
group by moved.customer_no % asked.blocks, moved.from_no, moved.to_no
