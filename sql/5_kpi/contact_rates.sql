-- One row per kind of contact and reporting period, and per kind: support contacts and complaints.
--
-- The events of a customer in one session are one contact. Rates are of customers who have any event in the
-- period. Where nothing is declared to be support, or a complaint, one row says so.
--
-- grain:    kind, period
-- columns:
--   kind              varchar  support or complaints
--   period            varchar  reporting period, or (all)
--   period_no         integer  its number in local_periods; NULL for (all)
--   is_partial        boolean  whether the data begin or end in it
--   active_customers  bigint   customers who have any event in it; NULL: nothing is declared
--   contacts          bigint   contacts
--   customers         bigint   customers who made them
--   per_100           double   contacts per 100 active customers
--   per_100_lo        double   lower end of its 95 % interval, whose unit is the customer
--   per_100_hi        double   upper end of its 95 % interval
--   mature_contacts   bigint   contacts at least seven days old
--   repeat_share      double   of them, the share after which the customer came again within seven days
--   repeat_lo         double   lower end of its 95 % interval, whose unit is the customer
--   repeat_hi         double   upper end of its 95 % interval
with

listed as (

    select kind, period_no, active, contacts, customers, mature
    from contact_sums
    union all
    select kind, null, null, 0, 0, 0
    from (select 'support' as kind union all select 'complaints') as asked
    where kind not in (select kind from contact_sums)

)

select
    listed.kind,
    coalesce(period.period, '(all)') as period,
    listed.period_no,
    coalesce(period.is_partial, false) as is_partial,
    listed.active as active_customers,
    listed.contacts,
    listed.customers,
    100 * contacted.ratio as per_100,
    case when contacted.lo is not null then greatest(100 * contacted.lo, 0) end as per_100_lo,
    100 * contacted.hi as per_100_hi,
    listed.mature as mature_contacts,
    repeating.ratio as repeat_share,
    case when repeating.lo is not null then greatest(repeating.lo, 0) end as repeat_lo,
    case when repeating.hi is not null then least(repeating.hi, 1) end as repeat_hi
from listed
left join local_periods as period on period.period_no = listed.period_no
left join kpi_ratio_intervals as contacted
    on contacted.figure = listed.kind
    and contacted.item = coalesce(cast(listed.period_no as varchar), 'all')
    and listed.active is not null
left join kpi_ratio_intervals as repeating
    on repeating.figure = listed.kind || ' repeated'
    and repeating.item = coalesce(cast(listed.period_no as varchar), 'all')
    and listed.active is not null
order by listed.kind, listed.period_no nulls first
