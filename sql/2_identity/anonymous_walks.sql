-- One row per anonymous event on a device, with the persons identified around it.
--
-- Who is identified at the very time of an event counts as before it, so that no order of records matters.
--
-- kind:     working
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

neighboured as (

    select
        device.event_no,
        device.device_id_no,
        device.occurred_us,
        device.person_no,
        row_number() over walked as place,
        case
            when device.occurred_us - lag(device.occurred_us) over walked <= setting.session_gap_us then 0
            else 1
        end as opens
    from device_events as device
    cross join cfg_settings as setting
    window walked as (
        partition by device.device_id_no
        order by
            device.occurred_us,
            case when device.person_no is null then 1 else 0 end,
            device.person_no,
            device.event_no
    )

),

numbered as (

    select
        event_no,
        device_id_no,
        occurred_us,
        person_no,
        sum(opens) over so_far as session_no,
        sum(case when person_no is not null then 1 else 0 end) over so_far as seen_no
    from neighboured
    window so_far as (
        partition by device_id_no
        order by place
        rows between unbounded preceding and current row
    )

),

seen as (

    select device_id_no, seen_no, person_no, occurred_us
    from numbered
    where person_no is not null

),

gathered as (

    select
        device_id_no,
        session_no,
        min(occurred_us) as session_us,
        min(person_no) as lowest_person,
        max(person_no) as highest_person
    from numbered
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
from numbered as event
inner join gathered as session
    on session.device_id_no = event.device_id_no and session.session_no = event.session_no
left join seen as before
    on before.device_id_no = event.device_id_no and before.seen_no = event.seen_no
left join seen as after
    on after.device_id_no = event.device_id_no and after.seen_no = event.seen_no + 1
where event.person_no is null
