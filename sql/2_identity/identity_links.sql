-- One row per pair of ids that events carry together.
--
-- grain:    id_no, other_id_no
-- columns:
--   id_no        bigint   the id with the smaller number
--   other_id_no  bigint   the other one
--   rule         varchar  merges: two strong ids, one person; lends: a device that a person used
--   events       bigint   loaded events that carry both
--   first_us     bigint   first of them, UTC microseconds
--   last_us      bigint   last of them, UTC microseconds
select
    listed.id_no,
    other.id_no as other_id_no,
    case when listed.is_strong and other.is_strong then 'merges' else 'lends' end as rule,
    cast(sum(listed.events) as bigint) as events,
    min(listed.first_us) as first_us,
    max(listed.last_us) as last_us
from identity_values as listed
inner join identity_values as other
    on other.identity_key = listed.identity_key and other.id_no > listed.id_no
where not listed.is_blocked and not other.is_blocked and (listed.is_strong or other.is_strong)
group by listed.id_no, other.id_no, listed.is_strong, other.is_strong
