-- One row per event on a device that has anonymous events and others, numbered along the device.
--
-- Who is identified at the very time of an event counts as before it, so that no order of records matters.
-- A step of its own, so that its sorting need not be held beside the joins that follow.
--
-- kind:     working
-- ranges:   device_id_no
-- grain:    event_no
-- columns:
--   event_no      bigint   the event
--   device_id_no  bigint   device or cookie
--   occurred_us   bigint   when, UTC microseconds
--   person_no     bigint   person who was identified; NULL: the event is anonymous
--   session_no    bigint   session of the device, from 1
--   seen_no       bigint   events until here, this one included, that have a person
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

)

select
    event_no,
    device_id_no,
    occurred_us,
    person_no,
    cast(sum(opens) over so_far as bigint) as session_no,
    cast(sum(case when person_no is not null then 1 else 0 end) over so_far as bigint) as seen_no
from neighboured
window so_far as (
    partition by device_id_no
    order by place
    rows between unbounded preceding and current row
)
