-- One row per anonymous event that its device lends to a person.
--
-- guarded: to the one person identified in the same session of the device; else, on a device of one
-- person's own, to whoever was identified nearest in time: at most lend_before_us after the event, or at
-- most lend_after_us before it. nearest: to the nearest, however long. A device never merges persons.
--
-- grain:    event_no
-- columns:
--   event_no      bigint   the event
--   device_id_no  bigint   device or cookie that lends it
--   person_no     bigint   person who gets it
--   rule          varchar  same_session, before_login or after_login
with

bounded as (

    select
        walk.event_no,
        walk.device_id_no,
        case when setting.policy = 'guarded' then walk.session_person end as session_person,
        case
            when setting.policy = 'nearest' or walk.before_us <= setting.lend_after_us then walk.person_before
        end as person_before,
        walk.before_us,
        case
            when setting.policy = 'nearest' or walk.after_us <= setting.lend_before_us then walk.person_after
        end as person_after,
        walk.after_us,
        setting.policy = 'guarded' and coalesce(shared.is_shared, false) as is_shared,
        setting.policy = 'guarded' and coalesce(shared.is_kiosk, false) as is_kiosk
    from anonymous_walks as walk
    left join shared_devices as shared on shared.device_id_no = walk.device_id_no
    cross join cfg_settings as setting

),

ruled as (

    select
        event_no,
        device_id_no,
        session_person,
        person_before,
        person_after,
        case
            when is_kiosk then null
            when session_person is not null then 'same_session'
            when is_shared then null
            when person_before is not null and (person_after is null or before_us <= after_us) then 'after_login'
            when person_after is not null then 'before_login'
        end as rule
    from bounded

)

select
    event_no,
    device_id_no,
    case rule when 'same_session' then session_person when 'after_login' then person_before else person_after end as person_no,
    rule
from ruled
where rule is not null
