-- One row per pair of ids that events carry together, or that the project file declares.
--
-- kind:     working
-- grain:    id_no, other_id_no
-- columns:
--   id_no        bigint   the id with the smaller number
--   other_id_no  bigint   the other one
--   rule         varchar  merges: two strong ids; lends: a strong and a weak one; neighbours: two weak
--   is_declared  boolean  whether the project file declares it
--   events       bigint   events that carry both; 0: it is only declared
--   first_us     bigint   first of them, UTC microseconds
--   last_us      bigint   last of them, UTC microseconds
with

carried as (

    select
        listed.id_no,
        other.id_no as other_id_no,
        listed.is_strong,
        other.is_strong as is_other_strong,
        false as is_declared,
        listed.events,
        listed.first_us,
        listed.last_us
    from identity_values as listed
    inner join identity_values as other
        on other.identity_key = listed.identity_key and other.id_no > listed.id_no
    where not listed.is_blocked and not other.is_blocked
    union all
    select
        least(near.id_no, far.id_no),
        greatest(near.id_no, far.id_no),
        case when near.id_no < far.id_no then near.is_strong else far.is_strong end,
        case when near.id_no < far.id_no then far.is_strong else near.is_strong end,
        true,
        0,
        cast(null as bigint),
        cast(null as bigint)
    from declared_links as declared
    inner join identity_ids as near on near.kind = declared.kind and near.value = declared.value
    inner join identity_ids as far on far.kind = declared.other_kind and far.value = declared.other_value
    where near.id_no <> far.id_no

)

select
    id_no,
    other_id_no,
    case
        when is_strong and is_other_strong then 'merges'
        when is_strong or is_other_strong then 'lends'
        else 'neighbours'
    end as rule,
    bool_or(is_declared) as is_declared,
    cast(sum(events) as bigint) as events,
    min(first_us) as first_us,
    max(last_us) as last_us
from carried
group by id_no, other_id_no, is_strong, is_other_strong
