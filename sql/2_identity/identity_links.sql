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
with

numbered as (

    select
        listed.identity_key,
        ids.id_no,
        ids.is_strong,
        listed.events,
        listed.first_us,
        listed.last_us
    from identity_values as listed
    inner join identity_ids as ids on ids.kind = listed.kind and ids.value = listed.value
    where not listed.is_blocked

)

select
    numbered.id_no,
    other.id_no as other_id_no,
    case when numbered.is_strong and other.is_strong then 'merges' else 'lends' end as rule,
    cast(sum(numbered.events) as bigint) as events,
    min(numbered.first_us) as first_us,
    max(numbered.last_us) as last_us
from numbered
inner join numbered as other
    on other.identity_key = numbered.identity_key and other.id_no > numbered.id_no
where numbered.is_strong or other.is_strong
group by numbered.id_no, other.id_no, numbered.is_strong, other.is_strong
