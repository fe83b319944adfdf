-- One row per anonymous event on a shared device or a kiosk that is lent to nobody.
--
-- Whoever it was, it need not be the one of the next session: each session is a customer of its own.
--
-- grain:    event_no
-- columns:
--   event_no      bigint  the event
--   device_id_no  bigint  device or cookie
--   session_us    bigint  first event of the device's session, UTC microseconds
select
    walk.event_no,
    walk.device_id_no,
    walk.session_us
from anonymous_walks as walk
inner join shared_devices as shared on shared.device_id_no = walk.device_id_no
left join lent_events as lent on lent.event_no = walk.event_no
cross join cfg_settings as setting
where setting.policy = 'guarded' and lent.event_no is null and (shared.is_shared or shared.is_kiosk)
