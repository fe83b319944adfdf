-- One row per combination of ids: the customer whose its events are, unless the device lends them.
--
-- kind:     working
-- grain:    identity_key
-- columns:
--   identity_key  ubigint  the combination
--   customer_no   integer  the person or, without a strong id, the anonymous customer of the device
select
    carried.identity_key,
    coalesce(owner.customer_no, identified.customer_no, joined.customer_no, anonymous.customer_no) as customer_no
from identity_combination_ids as carried
left join device_users as used on used.device_id_no = carried.device_id_no
left join numbered_customers as owner on owner.person_no = used.person_no
left join identity_components as component on component.id_no = carried.strong_id_no
left join numbered_customers as identified on identified.person_no = component.person_no
left join identity_components as device on device.id_no = carried.device_id_no
left join numbered_customers as joined on joined.person_no = device.person_no
left join numbered_customers as anonymous
    on anonymous.device_id_no = carried.device_id_no
    and anonymous.session_us is null
    and carried.strong_id_no is null
