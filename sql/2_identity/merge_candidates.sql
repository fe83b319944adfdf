-- One row per pair of ids that the policy would take for one person.
--
-- guarded, last_user, first_user, nearest: two strong ids. components: any two ids. none: no pair.
--
-- kind:     working
-- grain:    id_no, other_id_no
-- columns:
--   id_no        bigint   the id with the smaller number
--   other_id_no  bigint   the other one
--   events       bigint   loaded events that carry both
--   last_us      bigint   last of them, UTC microseconds; NULL: it is only declared
--   is_declared  boolean  whether the project file declares it
select
    pair.id_no,
    pair.other_id_no,
    pair.events,
    pair.last_us,
    pair.is_declared
from identity_pairs as pair
cross join cfg_settings as setting
where
    case
        when setting.policy = 'none' then pair.is_declared
        when setting.policy = 'components' then true
        else pair.rule = 'merges'
    end
    and pair.id_no not in (select id_no from quarantined_ids)
    and pair.other_id_no not in (select id_no from quarantined_ids)
