-- One row per anonymous event on a device, with the persons identified around it.
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
        case
            when device.occurred_us - lag(device.occurred_us) over walked <= setting.session_gap_us then 0
            else 1
        end as opens,
        lag(device.person_no ignore nulls) over walked as person_before,
        lag(case when device.person_no is not null then device.occurred_us end ignore nulls) over walked as us_before,
        lead(device.person_no ignore nulls) over walked as person_after,
        lead(case when device.person_no is not null then device.occurred_us end ignore nulls) over walked as us_after
    from device_events as device
    cross join cfg_settings as setting
    window walked as (partition by device.device_id_no order by device.occurred_us, device.event_no)

),

numbered as (

    select
        *,
        sum(opens) over (
            partition by device_id_no
            order by occurred_us, event_no
            rows between unbounded preceding and current row
        ) as session_no
    from neighboured

),

gathered as (

    select
        *,
        min(occurred_us) over together as session_us,
        min(person_no) over together as lowest_person,
        max(person_no) over together as highest_person
    from numbered
    window together as (partition by device_id_no, session_no)

)

select
    event_no,
    device_id_no,
    session_us,
    case when lowest_person = highest_person then lowest_person end as session_person,
    person_before,
    occurred_us - us_before as before_us,
    person_after,
    us_after - occurred_us as after_us
from gathered
where person_no is null
