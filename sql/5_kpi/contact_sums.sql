-- One row per kind of contact and reporting period, and per kind: contacts and their sums of squares.
--
-- kind:     working
-- grain:    kind, period_no
-- columns:
--   kind              varchar  support or complaints
--   period_no         integer  reporting period; NULL: all
--   active            bigint   customers who have any event
--   contacts          bigint   contacts
--   customers         bigint   customers who made them
--   squared           double   sum over customers of their squared contacts
--   mature            bigint   contacts at least seven days old
--   repeated          bigint   of them, those after which the customer came again within seven days
--   repeated_squared  double   sum over customers of their squared repeated contacts
--   product           double   sum over customers of repeated times mature contacts
--   mature_squared    double   sum over customers of their squared mature contacts
with

lived as (

    select
        contact.kind,
        case when level.is_split then contact.period_no end as period_no,
        contact.customer_no,
        count(*) as contacts,
        count(case when contact.is_mature then 1 end) as mature,
        count(case when contact.is_mature and contact.is_repeated then 1 end) as repeated
    from contacts as contact
    cross join (select true as is_split union all select false) as level
    group by all

),

summed as (

    select
        kind,
        period_no,
        cast(sum(contacts) as bigint) as contacts,
        count(*) as customers,
        cast(sum(contacts * contacts) as double) as squared,
        cast(sum(mature) as bigint) as mature,
        cast(sum(repeated) as bigint) as repeated,
        cast(sum(repeated * repeated) as double) as repeated_squared,
        cast(sum(repeated * mature) as double) as product,
        cast(sum(mature * mature) as double) as mature_squared
    from lived
    group by kind, period_no

),

active as (

    select period_no, count(*) as customers
    from active_periods
    group by period_no
    union all
    select null, count(*)
    from customer_spans

)

select
    asked.kind,
    active.period_no,
    active.customers as active,
    coalesce(summed.contacts, 0) as contacts,
    coalesce(summed.customers, 0) as customers,
    coalesce(summed.squared, 0) as squared,
    coalesce(summed.mature, 0) as mature,
    coalesce(summed.repeated, 0) as repeated,
    coalesce(summed.repeated_squared, 0) as repeated_squared,
    coalesce(summed.product, 0) as product,
    coalesce(summed.mature_squared, 0) as mature_squared
from active
cross join (select distinct role as kind from cfg_kpi_roles where role in ('support', 'complaints')) as asked
left join summed on summed.kind = asked.kind and summed.period_no is not distinct from active.period_no
