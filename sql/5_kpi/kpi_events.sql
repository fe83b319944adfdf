-- One row per event that a KPI may be about: it carries an order or a score, or its touchpoint counts.
--
-- Events that belong to no customer are here too: their orders and answers count, one by one.
--
-- grain:    event_no
-- columns:
--   event_no       bigint         the event
--   customer_no    integer        customer; NULL: unidentified
--   position       integer        place among the customer's events
--   session_no     integer        session of the customer; NULL: a passive event in none
--   occurred_us    bigint         when it happened, UTC microseconds
--   sequence       bigint         order among equal times, the last where the export tells none
--   period_no      integer        reporting period
--   touchpoint_no  integer        touchpoint
--   order_id       varchar        order
--   value          decimal(18,2)  money
--   currency       varchar        its currency, in capitals; (no currency) where the export has none
--   score_type     varchar        kind of score, in small letters
--   score          double         score
--   sentiment      double         sentiment, -1 to 1
with

carried as (

    select event_no, order_id, value, currency, score_type, score, sentiment
    from event_details
    where
        order_id is not null
        or value is not null
        or currency is not null
        or score is not null
        or sentiment is not null

),

counted as (

    select distinct touchpoint_no
    from kpi_roles
    where role not in ('interactions', 'attendees')

),

chosen as (

    select
        event.event_no,
        event.occurred_us,
        event.sequence,
        signature.touchpoint_no,
        carried.order_id,
        carried.value,
        carried.currency,
        carried.score_type,
        carried.score,
        carried.sentiment
    from clean_events as event
    inner join event_signatures as signature on signature.signature_key = event.signature_key
    left join carried on carried.event_no = event.event_no
    left join counted on counted.touchpoint_no = signature.touchpoint_no
    cross join as_of
    where
        event.occurred_us <= as_of.as_of_us
        and (
            counted.touchpoint_no is not null
            or carried.order_id is not null
            or carried.score is not null
            or carried.sentiment is not null
        )

)

select
    chosen.event_no,
    owned.customer_no,
    owned.position,
    owned.session_no,
    chosen.occurred_us,
    coalesce(chosen.sequence, 9223372036854775807) as sequence,
    quarter.period_no,
    chosen.touchpoint_no,
    chosen.order_id,
    chosen.value,
    coalesce(nullif(upper(trim(chosen.currency)), ''), '(no currency)') as currency,
    lower(trim(chosen.score_type)) as score_type,
    chosen.score,
    chosen.sentiment
from chosen
left join ordered_events as owned on owned.event_no = chosen.event_no
inner join local_quarters as quarter
    on quarter.quarter_hour = cast(floor(chosen.occurred_us / 900000000) as bigint)
