-- One row per combination of ids: the customer whose its events are, unless the device lends them.
--
-- kind:     working
-- grain:    identity_key
-- columns:
--   identity_key  ubigint  the combination
--   customer_no   integer  the person or, without a strong id, the anonymous customer of the device
select
    carried.identity_key,
    coalesce(identified.customer_no, anonymous.customer_no) as customer_no
from identity_combination_ids as carried
left join identity_components as component on component.id_no = carried.strong_id_no
left join numbered_customers as identified on identified.person_no = component.person_no
left join numbered_customers as anonymous
    on anonymous.device_id_no = carried.device_id_no and carried.strong_id_no is null
