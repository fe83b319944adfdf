-- One row per customer: recency, frequency, money, and the classes that follow.
--
-- A score from 1 to 5 is the customer's place among those who have ordered, best 5; equal values have equal
-- scores, so there may be fewer than five. Classes are tried in this order: prospect (never ordered), VIP
-- (money and two days or more), loyal (most of the last six cycles), frequent (days), sporadic (the other
-- buyers). What they are cut at is in rfm_thresholds and return_horizons.
--
-- grain:    customer_no
-- columns:
--   customer_no      integer        customer
--   customer_id      varchar        customer, as a pseudonym
--   class            varchar        prospect, VIP, loyal, frequent or sporadic
--   recency_class    varchar        active, inactive or lost, by the days since the last order; never bought; or
--                                   before the log, where only a refund is known
--   p_return         double         chance to order again, after so many days of silence; NULL: cannot be told
--   orders           bigint         orders, in any currency
--   recency_days     integer        R: days since the last order, by the local calendar; NULL: none
--   frequency        bigint         F: days with an order within rfm_days
--   currency         varchar        currency in which the customer orders most; (no currency) where the export
--                                   has none; NULL: neither orders nor refunds
--   monetary         decimal(38,2)  M: money in it within rfm_days, less refunds; NULL: none is known
--   other_orders     bigint         orders in other currencies, which M leaves out
--   cycles_bought    bigint         of the last six cycles, those with an order
--   recency_score    integer        1 to 5; the most recent have 5; NULL: no order
--   frequency_score  integer        1 to 5; NULL: no order
--   monetary_score   integer        1 to 5, among those of the same currency; NULL: no order, or no money is known
with

counted as (

    select
        customer_no,
        count(*) over () as buyers,
        count(*) over (order by recency_days desc range between unbounded preceding and current row) as up_to_recency,
        count(*) over (partition by recency_days) as same_recency,
        count(*) over (order by frequency range between unbounded preceding and current row) as up_to_frequency,
        count(*) over (partition by frequency) as same_frequency,
        count(monetary) over (partition by currency) as valued,
        count(monetary) over (
            partition by currency
            order by monetary
            range between unbounded preceding and current row
        ) as up_to_money,
        count(monetary) over (partition by currency, monetary) as same_money
    from buyer_sums
    where recency_days is not null

),

scored as (

    select
        customer_no,
        cast(ceil(5 * (2 * up_to_recency - same_recency + 1) / (2.0 * buyers)) as integer) as recency_score,
        cast(ceil(5 * (2 * up_to_frequency - same_frequency + 1) / (2.0 * buyers)) as integer) as frequency_score,
        case
            when same_money > 0
                then cast(ceil(5 * (2 * up_to_money - same_money + 1) / (2.0 * valued)) as integer)
        end as monetary_score
    from counted

)

select
    customer.customer_no,
    customer.customer_id,
    case
        when summed.customer_no is null then 'prospect'
        when summed.monetary >= cut.vip_money and summed.frequency >= 2 then 'VIP'
        when summed.cycles_bought >= cut.loyal_cycles then 'loyal'
        when summed.frequency >= cut.frequent_days then 'frequent'
        else 'sporadic'
    end as class,
    case
        when summed.customer_no is null then 'never bought'
        when summed.recency_days is null then 'before the log'
        when summed.recency_days >= horizon.lost_after_days then 'lost'
        when summed.recency_days >= horizon.inactive_after_days then 'inactive'
        else 'active'
    end as recency_class,
    case when horizon.is_identified then curve.p_return end as p_return,
    coalesce(summed.orders, 0) as orders,
    summed.recency_days,
    coalesce(summed.frequency, 0) as frequency,
    summed.currency,
    summed.monetary,
    coalesce(summed.other_orders, 0) as other_orders,
    coalesce(summed.cycles_bought, 0) as cycles_bought,
    scored.recency_score,
    scored.frequency_score,
    scored.monetary_score
from customer_spans as span
inner join numbered_customers as customer on customer.customer_no = span.customer_no
left join buyer_sums as summed on summed.customer_no = customer.customer_no
left join scored on scored.customer_no = customer.customer_no
left join rfm_thresholds as cut on cut.currency = summed.currency
left join return_horizons as horizon on horizon.basis = 'order'
left join return_curves as curve on curve.basis = 'order' and curve.days = summed.recency_days
