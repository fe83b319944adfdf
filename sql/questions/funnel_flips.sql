-- One row per customer whose outcome in the last funnel is not that in the first one, and where it turned.
--
-- The funnels are asked in an order in which each changes one rule of the one before. A customer belongs to
-- the last change that altered whether it converted; where that is the same, how far it got; where that is
-- the same too, what became of it. So the changes share out the whole difference.
--
-- grain:    customer_no
-- columns:
--   customer_no    integer  customer
--   funnel_no      integer  funnel whose change made the difference
--   first_status   varchar  outcome in the first funnel; (none): it never entered
--   first_step_no  integer  furthest step there; 0: none
--   last_status    varchar  outcome in the last funnel
--   last_step_no   integer  furthest step there
with

customers as (

    select distinct customer_no
    from funnel_outcomes

),

filled as (

    select
        customers.customer_no,
        funnel.funnel_no,
        coalesce(outcome.status, '(none)') as status,
        coalesce(outcome.step_no, 0) as step_no
    from customers
    cross join asked_funnels as funnel
    left join funnel_outcomes as outcome
        on outcome.funnel_no = funnel.funnel_no and outcome.customer_no = customers.customer_no

),

compared as (

    select
        customer_no,
        funnel_no,
        status,
        step_no,
        lag(status) over (partition by customer_no order by funnel_no) as before_status,
        lag(step_no) over (partition by customer_no order by funnel_no) as before_step_no
    from filled

),

turned as (

    select
        customer_no,
        max(case when (status = 'converted') <> (before_status = 'converted') then funnel_no end) as conversion_no,
        max(case when step_no <> before_step_no then funnel_no end) as step_change_no,
        max(case when status <> before_status then funnel_no end) as status_no
    from compared
    group by customer_no

)

select
    turned.customer_no,
    case
        when (ours.status = 'converted') <> (theirs.status = 'converted') then turned.conversion_no
        when ours.step_no <> theirs.step_no then turned.step_change_no
        else turned.status_no
    end as funnel_no,
    ours.status as first_status,
    ours.step_no as first_step_no,
    theirs.status as last_status,
    theirs.step_no as last_step_no
from turned
inner join filled as ours on ours.customer_no = turned.customer_no and ours.funnel_no = 1
inner join filled as theirs
    on theirs.customer_no = turned.customer_no
    and theirs.funnel_no = (select max(funnel_no) from asked_funnels)
where ours.status <> theirs.status or ours.step_no <> theirs.step_no
