-- A KPI whose parts do not add up to its whole.
with

compared as (

    select
        'orders by period' as kpi,
        (select sum(orders) from order_kpis where period_no is not null) as parts,
        (select sum(orders) from order_kpis where period_no is null) as whole
    union all
    select
        'orders by touchpoint',
        (select sum(orders) from touchpoint_kpis),
        (select count(*) from orders)
    union all
    select
        'customers by cohort',
        (select sum(customers) from cohort_retention where cohort_no is not null and periods_since = 0),
        (select count(*) from rfm)
    union all
    select
        'customers by RFM class',
        (select sum(customers) from rfm_classes),
        (select count(*) from rfm)
    union all
    select
        'customers by recency of any event',
        (select sum(customers) from recency_classes where basis = 'activity'),
        (select count(*) from rfm)
    union all
    select
        'contacts by period',
        (select sum(contacts) from contact_rates where period_no is not null),
        (select sum(contacts) from contact_rates where period_no is null)
    union all
    select
        'answers by period',
        (select sum(responses) from survey_kpis where period_no is not null),
        (select sum(responses) from survey_kpis where period_no is null)

)

select kpi, parts, whole
from compared
where coalesce(parts, 0) <> coalesce(whole, 0)
