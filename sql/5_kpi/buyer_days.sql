-- One row per customer and day with an order.
--
-- kind:     working
-- grain:    customer_no, day_no
-- columns:
--   customer_no  integer  customer
--   day_no       integer  day, by the local clock
--   days_ago     integer  days up to the as-of moment's day
--   next_days    integer  days to the customer's next day with an order; NULL: none yet
with

bought as (

    select distinct made.customer_no, quarter.day_no
    from orders as made
    inner join local_quarters as quarter
        on quarter.quarter_hour = cast(floor(made.occurred_us / 900000000) as bigint)
    where made.customer_no is not null

)

select
    bought.customer_no,
    bought.day_no,
    ending.day_no - bought.day_no as days_ago,
    lead(bought.day_no) over (partition by bought.customer_no order by bought.day_no) - bought.day_no as next_days
from bought
cross join (select day_no from local_quarters where is_last) as ending
