-- One row per funnel and customer who enters it: how far the best of the customer's units got.
--
-- grain:    funnel_no, customer_no
-- columns:
--   funnel_no    integer  funnel
--   customer_no  integer  customer
--   step_no      integer  furthest step of any unit; 0: an exclusion drops it from every step
--   status       varchar  converted, open, excluded or dropped: of several the one named first
with

ranked as (

    select
        funnel_no,
        customer_no,
        step_no,
        case status when 'converted' then 1 when 'open' then 2 when 'excluded' then 3 else 4 end as rank_no
    from funnel_units

)

select
    funnel_no,
    customer_no,
    max(step_no) as step_no,
    case min(rank_no) when 1 then 'converted' when 2 then 'open' when 3 then 'excluded' else 'dropped' end as status
from ranked
group by funnel_no, customer_no
