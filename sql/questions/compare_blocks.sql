-- One row per customer who is compared: the block of customers that is drawn as one, when chance is measured.
--
-- Blocks of nearly equal size, filled at random (by a seeded number of the customer), apart for customers of
-- group 1 alone, of group 2 alone, and of both. Where there are fewer customers than blocks each is a block.
--
-- grain:    customer_no
-- columns:
--   customer_no  integer  customer
--   kind_no      integer  1 or 2: of this group alone; 0: of both
--   block_no     integer  block, from 0, in each kind
with

members as (

    select
        customer_no,
        case when min(group_no) < max(group_no) then 0 else min(group_no) end as kind_no
    from compare_journeys
    group by customer_no

),

numbered as (

    select
        members.customer_no,
        members.kind_no,
        asked.blocks,
        (cast(members.customer_no as bigint) * 48271 + asked.seed % 1000003 * 40692 + 12345) % 2147483647 as number
    from members
    cross join asked_comparison as asked

),

placed as (

    select
        customer_no,
        kind_no,
        row_number() over (
            partition by kind_no
            order by (number * number + number * 16807) % 2147483647, customer_no
        ) - 1 as place,
        count(*) over (partition by kind_no) as own,
        count(*) over () as everybody,
        blocks
    from numbered

)

select
    customer_no,
    cast(kind_no as integer) as kind_no,
    cast(
        place % least(own, cast(ceil(own * blocks / cast(everybody as double)) as bigint)) as integer
    ) as block_no
from placed
