-- One row per move along the paths, with up to three names before it, half and range of customers: how often.
--
-- One half is learned from, the other, three customers in ten, is held out, to see how many names before a
-- move tell it best.
--
-- ranges:   customer_no
-- grain:    is_held_out, third_no, second_no, first_no, to_no
-- columns:
--   is_held_out  boolean  whether these are moves of the customers who are held out
--   third_no     integer  third name before the one that is entered; -1: (start), also before it; -4: (other)
--   second_no    integer  second name before it
--   first_no     integer  name before it
--   to_no        integer  name that is entered; 0: the conversion, -2: it ended without
--   moves        bigint   moves
with

named as (

    select
        placed.customer_no,
        placed.place = placed.places as is_last,
        placed.is_converted,
        node.shown_no,
        coalesce(lag(node.shown_no, 1) over path, -1) as first_no,
        coalesce(lag(node.shown_no, 2) over path, -1) as second_no,
        coalesce(lag(node.shown_no, 3) over path, -1) as third_no
    from attribution_places as placed
    inner join attribution_nodes as node on node.node_no = placed.node_no
    window path as (partition by placed.customer_no, placed.journey_no order by placed.place)

),

moved as (

    select customer_no, third_no, second_no, first_no, shown_no as to_no
    from named
    union all
    select customer_no, second_no, first_no, shown_no, case when is_converted then 0 else -2 end
    from named
    where is_last

)

select
    cast(customer_no as bigint) * 48271 % 2147483647 % 10 >= 7 as is_held_out,
    third_no,
    second_no,
    first_no,
    to_no,
    count(*) as moves
from moved
group by cast(customer_no as bigint) * 48271 % 2147483647 % 10 >= 7, third_no, second_no, first_no, to_no
