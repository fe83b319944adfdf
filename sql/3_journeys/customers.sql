-- One row per customer who has events.
--
-- Events after the as-of moment count: a customer who has no others makes no journey.
--
-- grain:    customer_no
-- columns:
--   customer_no  integer    number by customer_id
--   customer_id  varchar    pseudonym, 20 hexadecimal digits
--   kind         varchar    identified or anonymous
--   ids          bigint     how many ids made the customer
--   events       bigint     events
--   sessions     integer    sessions
--   first_at     timestamp  first event, UTC
--   last_at      timestamp  last event, UTC
with

summed as (

    select
        customer_no,
        count(*) as events,
        coalesce(max(session_no), 0) as sessions,
        min(occurred_us) as first_us,
        max(occurred_us) as last_us
    from ordered_events
    group by customer_no

)

select
    customer.customer_no,
    customer.customer_id,
    customer.kind,
    customer.ids,
    summed.events,
    summed.sessions,
    make_timestamp(summed.first_us) as first_at,
    make_timestamp(summed.last_us) as last_at
from numbered_customers as customer
inner join summed on summed.customer_no = customer.customer_no
order by customer.customer_no
