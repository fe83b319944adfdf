-- One row per combination of ids with the ids that decide whose its events are.
--
-- kind:     working
-- grain:    identity_key
-- columns:
--   identity_key  ubigint  the combination
--   strong_id_no  bigint   its user id or, without one, its CRM id, account, e-mail or telephone number
--   device_id_no  bigint   its device or, without one, its cookie; NULL: it has neither
select
    identity_key,
    arg_max(case when is_strong then id_no end, priority) as strong_id_no,
    arg_max(case when not is_strong then id_no end, priority) as device_id_no
from identity_values
where not is_blocked and id_no not in (select id_no from quarantined_ids)
group by identity_key
