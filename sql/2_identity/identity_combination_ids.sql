-- One row per combination of ids with the ids that decide whose its events are.
--
-- kind:     working
-- grain:    identity_key
-- columns:
--   identity_key  ubigint  the combination
--   strong_id_no  bigint   one strong id of it; all of them are linked; NULL: it has none
--   device_id_no  bigint   its device or, without one, its cookie; NULL: it has neither
select
    identity_key,
    min(id_no) filter (is_strong) as strong_id_no,
    coalesce(
        min(id_no) filter (kind = 'device_id'),
        min(id_no) filter (kind = 'cookie_id')
    ) as device_id_no
from identity_values
where not is_blocked
group by identity_key
