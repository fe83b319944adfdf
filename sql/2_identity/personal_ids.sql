-- One row per id that is part of a person under the policy: strong ids; with components, devices too.
--
-- kind:     working
-- grain:    id_no
-- columns:
--   id_no  bigint   the id
--   kind   varchar  column of the id
select ids.id_no, ids.kind
from identity_ids as ids
cross join cfg_settings as setting
where
    (ids.is_strong or setting.policy = 'components')
    and ids.id_no not in (select id_no from quarantined_ids)
