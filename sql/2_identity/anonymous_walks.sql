-- One row per anonymous event on a device on which somebody was identified, with the persons around it.
--
-- Who is identified at the very time of an event counts as before it, so that no order of records matters.
--
-- kind:     working
-- ranges:   device_id_no
-- grain:    event_no
-- columns:
--   event_no        bigint   the event
--   device_id_no    bigint   device or cookie
--   session_us      bigint   first event of the device's session, UTC microseconds
--   session_person  bigint   the one person identified in that session; NULL: none, or several
--   person_before   bigint   person identified last before it on the device
--   before_us       bigint   how long before
--   person_after    bigint   person identified next after it on the device
--   after_us        bigint   how long after
with

seen as (

    select device_id_no, seen_no, person_no, occurred_us
    from device_walks
    where person_no is not null

),

gathered as (

    select
        device_id_no,
        session_no,
        min(occurred_us) as session_us,
        min(person_no) as lowest_person,
        max(person_no) as highest_person
    from device_walks
    group by device_id_no, session_no

)

select
    event.event_no,
    event.device_id_no,
    session.session_us,
    case when session.lowest_person = session.highest_person then session.lowest_person end as session_person,
    before.person_no as person_before,
    event.occurred_us - before.occurred_us as before_us,
    after.person_no as person_after,
    after.occurred_us - event.occurred_us as after_us
from device_walks as event
inner join gathered as session
    on session.device_id_no = event.device_id_no and session.session_no = event.session_no
left join seen as before
    on before.device_id_no = event.device_id_no and before.seen_no = event.seen_no
left join seen as after
    on after.device_id_no = event.device_id_no and after.seen_no = event.seen_no + 1
where event.person_no is null
