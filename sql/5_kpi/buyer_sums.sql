-- One row per customer who has ordered or got a refund: what recency, frequency and money are read from.
--
-- Money counts in the currency in which the customer orders most; nothing is converted.
--
-- kind:     working
-- grain:    customer_no
-- columns:
--   customer_no    integer        customer
--   currency       varchar        currency of the money
--   orders         bigint         orders, in any currency
--   other_orders   bigint         of them, those in another currency
--   recency_days   integer        days since the last order, by the local clock; NULL: none, only a refund
--   frequency      bigint         days with an order within rfm_days
--   monetary       decimal(38,2)  money of the orders within rfm_days less refunds; NULL: no order says
--   cycles_bought  bigint         of the last six cycles, those with an order
--   cycle_days     double         length of a cycle: median days between two days with an order
with

cycled as (

    select median(next_days) as cycle_days
    from buyer_days

),

lived as (

    select
        bought.customer_no,
        min(bought.days_ago) as recency_days,
        count(case when bought.days_ago < kpi.rfm_days then 1 end) as frequency,
        count(
            distinct case
                when bought.days_ago < 6 * cycled.cycle_days then floor(bought.days_ago / cycled.cycle_days)
            end
        ) as cycles_bought
    from buyer_days as bought
    cross join cycled
    cross join cfg_kpi as kpi
    group by bought.customer_no

),

moved as (

    select customer_no, currency, occurred_us, 1 as is_order, value
    from orders
    where customer_no is not null
    union all
    select customer_no, currency, occurred_us, 0, -value
    from refunds
    where customer_no is not null

),

summed as (

    select
        moved.customer_no,
        moved.currency,
        sum(moved.is_order) as orders,
        count(case when moved.is_order = 1 then moved.value end) as valued_orders,
        sum(case when ending.day_no - quarter.day_no < kpi.rfm_days then moved.value else 0 end) as money
    from moved
    inner join local_quarters as quarter
        on quarter.quarter_hour = cast(floor(moved.occurred_us / 900000000) as bigint)
    cross join (select day_no from local_quarters where is_last) as ending
    cross join cfg_kpi as kpi
    group by moved.customer_no, moved.currency

),

chosen as (

    select
        customer_no,
        currency,
        valued_orders,
        money,
        sum(orders) over (partition by customer_no) as all_orders,
        orders,
        row_number() over (partition by customer_no order by orders desc, currency) as place
    from summed

)

select
    chosen.customer_no,
    chosen.currency,
    cast(chosen.all_orders as bigint) as orders,
    cast(chosen.all_orders - chosen.orders as bigint) as other_orders,
    lived.recency_days,
    coalesce(lived.frequency, 0) as frequency,
    cast(case when chosen.valued_orders > 0 then chosen.money end as decimal(38, 2)) as monetary,
    coalesce(lived.cycles_bought, 0) as cycles_bought,
    cycled.cycle_days
from chosen
left join lived on lived.customer_no = chosen.customer_no
cross join cycled
where chosen.place = 1
