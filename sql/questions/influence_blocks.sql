-- One row per customer whose touches are compared: the block of customers whose errors are added up as one.
--
-- Blocks of nearly equal size, filled at random (by a seeded number of the customer). Where there are fewer
-- customers than blocks, each is a block.
--
-- grain:    customer_no
-- columns:
--   customer_no  integer  customer
--   block_no     integer  block, from 0
with

numbered as (

    select
        journey.customer_no,
        max(asked.blocks) as blocks,
        max((cast(journey.customer_no as bigint) * 48271 + asked.seed % 1000003 * 40692 + 12345) % 2147483647) as number
    from influence_journeys as journey
    cross join asked_influence as asked
    group by journey.customer_no

)

select
    customer_no,
    cast(
        (row_number() over (order by (number * number + number * 16807) % 2147483647, customer_no) - 1) % blocks as integer
    ) as block_no
from numbered
