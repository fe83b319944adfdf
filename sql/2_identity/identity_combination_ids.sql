-- One row per combination of ids with the ids that decide whose its events are.
--
-- grain:    identity_key
-- columns:
--   identity_key  ubigint  the combination
--   strong_id_no  bigint   one strong id of it; all of them are linked; NULL: it has none
--   device_id_no  bigint   its device or, without one, its cookie; NULL: it has neither
select
    listed.identity_key,
    min(numbered.id_no) filter (numbered.is_strong) as strong_id_no,
    coalesce(
        min(numbered.id_no) filter (numbered.kind = 'device_id'),
        min(numbered.id_no) filter (numbered.kind = 'cookie_id')
    ) as device_id_no
from identity_values as listed
inner join identity_ids as numbered
    on numbered.kind = listed.kind and numbered.value = listed.value
where not listed.is_blocked
group by listed.identity_key
