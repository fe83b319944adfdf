-- One row per group, block of customers and edge of the compared graphs: moves, for changing labels.
--
-- Its size is bounded by the number of blocks times that of edges, whatever the number of customers.
--
-- grain:    group_no, kind_no, block_no, from_no, to_no
-- columns:
--   group_no  integer  group
--   kind_no   integer  kind of block
--   block_no  integer  block
--   from_no   integer  node that is left
--   to_no     integer  node that is entered
--   moves     bigint   moves of its customers
select
    edge.group_no,
    block.kind_no,
    block.block_no,
    edge.from_no,
    edge.to_no,
    cast(sum(edge.moves) as bigint) as moves
from compare_moves as edge
inner join compare_blocks as block on block.customer_no = edge.customer_no
where edge.from_no <> -5
group by edge.group_no, block.kind_no, block.block_no, edge.from_no, edge.to_no
order by edge.group_no, block.kind_no, block.block_no, edge.from_no, edge.to_no
