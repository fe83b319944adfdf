-- One row per unit of a funnel and part that it is in: the whole, and its value of the breakdown.
--
-- kind:     view
-- grain:    funnel_no, part_no, customer_no, unit_no
-- columns:
--   funnel_no    integer  funnel
--   part_no      integer  part
--   customer_no  integer  customer
--   unit_no      integer  unit
select
    funnel_no,
    cast(0 as integer) as part_no,
    customer_no,
    unit_no
from funnel_units
union all
select
    valued.funnel_no,
    coalesce(part.part_no, other.part_no) as part_no,
    valued.customer_no,
    valued.unit_no
from funnel_unit_values as valued
inner join asked_funnel_breakdowns as asked on asked.funnel_no = valued.funnel_no
left join funnel_parts as part
    on part.funnel_no = valued.funnel_no
    and part.part = valued.value
    and part.part_no between 1 and asked.most
left join funnel_parts as other
    on other.funnel_no = valued.funnel_no and other.part_no = asked.most + 1
