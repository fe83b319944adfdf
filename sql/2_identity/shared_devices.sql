-- One row per device with anonymous events on which more than one person was identified.
--
-- A shared device lends only within a session in which exactly one person was identified; a kiosk never.
--
-- ranges:   device_id_no
-- grain:    device_id_no
-- columns:
--   device_id_no  bigint   device or cookie
--   people        bigint   persons identified on it
--   is_shared     boolean  whether two of them were there within shared_within_us of one another
--   is_kiosk      boolean  whether they are kiosk_people or more
--   events        bigint   events on it
--   anonymous     bigint   of them, those without a person
with

known as (

    select
        device_id_no,
        person_no,
        lag(person_no) over seen as person_before,
        occurred_us - lag(occurred_us) over seen as since_us
    from device_events
    where person_no is not null
    window seen as (partition by device_id_no order by occurred_us, event_no)

),

counted as (

    select
        known.device_id_no,
        count(distinct known.person_no) as people,
        bool_or(known.person_before <> known.person_no and known.since_us <= setting.shared_within_us) as is_close
    from known
    cross join cfg_settings as setting
    group by known.device_id_no

),

all_events as (

    select device_id_no, count(*) as events, count(*) - count(person_no) as anonymous
    from device_events
    group by device_id_no

)

select
    counted.device_id_no,
    counted.people,
    coalesce(counted.is_close, false) as is_shared,
    counted.people >= setting.kiosk_people as is_kiosk,
    all_events.events,
    all_events.anonymous
from counted
inner join all_events on all_events.device_id_no = counted.device_id_no
cross join cfg_settings as setting
where counted.people > 1
