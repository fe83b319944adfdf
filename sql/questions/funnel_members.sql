-- One row per unit of a funnel and part that it is in: the whole, and its value of the breakdown.
--
-- kind:     view
-- grain:    funnel_no, part_no, customer_no, unit_no
-- columns:
--   funnel_no      integer  funnel
--   part_no        integer  part
--   customer_no    integer  customer
--   unit_no        integer  unit
--   status         varchar  converted, open, excluded or dropped
--   step_no        integer  last step of its best chain; 0: it enters by none
--   occurred_us    bigint   when it got there
--   start_us       bigint   when it entered
--   last_start_us  bigint   latest entry of all its chains
--   ended_us       bigint   when an exclusion ended it; NULL: none did
select
    funnel_no,
    cast(0 as integer) as part_no,
    customer_no,
    unit_no,
    status,
    step_no,
    occurred_us,
    start_us,
    last_start_us,
    ended_us
from funnel_units
union all
select
    valued.funnel_no,
    coalesce(part.part_no, other.part_no) as part_no,
    valued.customer_no,
    valued.unit_no,
    unit.status,
    unit.step_no,
    unit.occurred_us,
    unit.start_us,
    unit.last_start_us,
    unit.ended_us
from funnel_unit_values as valued
inner join funnel_units as unit
    on unit.funnel_no = valued.funnel_no
    and unit.customer_no = valued.customer_no
    and unit.unit_no = valued.unit_no
inner join asked_funnel_breakdowns as asked on asked.funnel_no = valued.funnel_no
left join funnel_parts as part
    on part.funnel_no = valued.funnel_no
    and part.part = valued.value
    and part.part_no between 1 and asked.most
left join funnel_parts as other
    on other.funnel_no = valued.funnel_no and other.part_no = asked.most + 1
