-- One row per event on a device that has anonymous events and others: who it was, if that is known.
--
-- In no order: what joins them is let go of before they are sorted, which takes memory, too.
--
-- kind:     working
-- grain:    event_no
-- columns:
--   event_no      bigint  the event
--   device_id_no  bigint  device or cookie
--   occurred_us   bigint  when, UTC microseconds
--   person_no     bigint  person who was identified; NULL: the event is anonymous
with

lending as (

    select carried.device_id_no
    from identity_combination_ids as carried
    cross join cfg_settings as setting
    where carried.device_id_no is not null and setting.policy in ('guarded', 'nearest')
    group by carried.device_id_no
    having count(carried.strong_id_no) between 1 and count(*) - 1

)

select
    event.event_no,
    carried.device_id_no,
    event.occurred_us,
    component.person_no
from clean_events as event
inner join identity_combination_ids as carried on carried.identity_key = event.identity_key
inner join lending on lending.device_id_no = carried.device_id_no
left join identity_components as component on component.id_no = carried.strong_id_no
