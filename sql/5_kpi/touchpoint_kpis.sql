-- One row per touchpoint: what it is there for, counted: visits, interactions, attendees, orders, revenue.
--
-- Visits are counted everywhere. Interactions, attendees and orders are counted where the project file says,
-- under [kpi], that the touchpoint is for them; elsewhere they are NULL, not 0.
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no           integer        number by name, from 1
--   touchpoint              varchar        name
--   stage                   varchar        stage; NULL: none
--   counts_as               varchar        keys under [kpi] that name it, or its stage; NULL: none does
--   events                  bigint         events of customers up to the as-of moment
--   visits                  bigint         visits: events in a row in one session are one
--   visitors                bigint         customers who came
--   visitor_share           double         visitors / all customers
--   visitor_lo              double         lower end of its 95 % Wilson interval
--   visitor_hi              double         upper end of its 95 % Wilson interval
--   visits_per_visitor      double         visits / visitors
--   interactions            bigint         events, where it is for interactions
--   interactions_per_visit  double         interactions / visits
--   attendees               bigint         customers, where it is attended
--   attendee_share          double         attendees / all customers, with the interval of visitor_share
--   orders                  bigint         orders made there, of nobody known too; where it is for orders or has any
--   buyers                  bigint         customers who made them
--   orders_per_visitor      double         orders of customers / visitors
--   currency                varchar        currency of the money; NULL: none, or several
--   revenue                 decimal(38,2)  money of the orders; NULL: none says, or in several currencies
--   refunds                 bigint         refunds given there, where it is for refunds or has any
--   refunded                decimal(38,2)  money given back; NULL: none says, or in several currencies
with

declared as (

    select
        touchpoint_no,
        string_agg(role, ', ' order by role) as counts_as,
        bool_or(role = 'interactions') as is_for_interactions,
        bool_or(role = 'attendees') as is_for_attendees,
        bool_or(role = 'orders') as is_for_orders,
        bool_or(role = 'refunds') as is_for_refunds
    from kpi_roles
    group by touchpoint_no

)

select
    named.touchpoint_no,
    named.touchpoint,
    named.stage,
    declared.counts_as,
    summed.events,
    summed.visits,
    summed.visitors,
    shared.rate as visitor_share,
    shared.lo as visitor_lo,
    shared.hi as visitor_hi,
    summed.visits / cast(nullif(summed.visitors, 0) as double) as visits_per_visitor,
    case when declared.is_for_interactions then summed.events end as interactions,
    case
        when declared.is_for_interactions then summed.events / cast(nullif(summed.visits, 0) as double)
    end as interactions_per_visit,
    case when declared.is_for_attendees then summed.visitors end as attendees,
    case when declared.is_for_attendees then shared.rate end as attendee_share,
    case when declared.is_for_orders or summed.orders > 0 then summed.orders end as orders,
    case when declared.is_for_orders or summed.orders > 0 then summed.buyers end as buyers,
    case
        when declared.is_for_orders or summed.orders > 0 then summed.visitor_orders / cast(nullif(summed.visitors, 0) as double)
    end as orders_per_visitor,
    case when summed.currencies = 1 then summed.currency end as currency,
    case when summed.currencies = 1 then summed.revenue end as revenue,
    case when declared.is_for_refunds or summed.refunds > 0 then summed.refunds end as refunds,
    case when summed.currencies = 1 then summed.refunded end as refunded
from touchpoint_names as named
inner join touchpoint_sums as summed on summed.touchpoint_no = named.touchpoint_no
left join declared on declared.touchpoint_no = named.touchpoint_no
left join kpi_share_intervals as shared
    on shared.successes = summed.visitors and shared.trials = summed.all_customers
order by named.touchpoint_no
