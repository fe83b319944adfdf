-- One row per contact: the events of a customer in one session that count as support, or as a complaint.
--
-- An event in no session is a contact of its own.
--
-- kind:     working
-- grain:    kind, event_no
-- columns:
--   kind         varchar  support or complaints
--   event_no     bigint   first event of the contact
--   customer_no  integer  customer
--   period_no    integer  reporting period
--   is_mature    boolean  whether seven days have gone by since
--   is_repeated  boolean  whether the customer was in contact again within seven days
with

met as (

    select
        role.role as kind,
        event.event_no,
        event.customer_no,
        event.occurred_us,
        event.period_no,
        row_number() over (
            partition by
                role.role,
                event.customer_no,
                event.session_no,
                case when event.session_no is null then event.event_no end
            order by event.position
        ) as place
    from kpi_events as event
    inner join kpi_roles as role
        on role.role in ('support', 'complaints') and role.touchpoint_no = event.touchpoint_no
    where event.customer_no is not null

)

select
    met.kind,
    met.event_no,
    met.customer_no,
    met.period_no,
    as_of.as_of_us - met.occurred_us >= 604800000000 as is_mature,
    coalesce(
        lead(met.occurred_us) over (
            partition by met.kind, met.customer_no
            order by met.occurred_us, met.event_no
        ) - met.occurred_us <= 604800000000,
        false
    ) as is_repeated
from met
cross join as_of
where met.place = 1
