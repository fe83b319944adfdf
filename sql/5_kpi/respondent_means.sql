-- One row per kind of score: how much those who answered do, and how much the others do.
--
-- kind:     view
-- grain:    score_type
-- columns:
--   score_type         varchar  kind of score
--   respondent_events  double   mean events of the customers who answered; NULL: nobody known did
--   other_events       double   mean events of the other customers; NULL: there are none
with

lived as (

    select customer_no, sum(events) as events
    from customer_channels
    group by customer_no

),

whole as (

    select sum(events) as events, count(*) as customers
    from lived

),

answered as (

    select
        told.score_type,
        sum(lived.events) as events,
        count(*) as customers
    from (
        select distinct score_type, customer_no
        from responses
        where is_counted and customer_no is not null
    ) as told
    inner join lived on lived.customer_no = told.customer_no
    group by told.score_type

)

select
    answered.score_type,
    answered.events / cast(nullif(answered.customers, 0) as double) as respondent_events,
    (whole.events - answered.events) / cast(nullif(whole.customers - answered.customers, 0) as double) as other_events
from answered
cross join whole
