-- One row per event on a device that has anonymous events and others: who it was, if that is known.
--
-- Sorted by device, so that what follows reads devices in ranges.
--
-- kind:     working
-- grain:    event_no
-- columns:
--   event_no      bigint  the event
--   device_id_no  bigint  device or cookie
--   occurred_us   bigint  when, UTC microseconds
--   person_no     bigint  person who was identified; NULL: the event is anonymous
select
    event_no,
    device_id_no,
    occurred_us,
    person_no
from loose_device_events
order by device_id_no
