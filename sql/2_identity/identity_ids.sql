-- One row per id that may link: every value that is not blocked.
--
-- grain:    id_no
-- columns:
--   id_no      bigint   number of the id: 60 bits of an MD5 over kind and value
--   kind       varchar  column of the id
--   value      varchar  the id, normalised
--   is_strong  boolean  whether it names a person
--   events     bigint   events that carry it
--   first_us   bigint   first of them, UTC microseconds
--   last_us    bigint   last of them, UTC microseconds
--   id_hash    varchar  pseudonym: first 20 hexadecimal digits of an MD5 over kind and value, keyed where there is a key
--   is_collision  boolean  whether different ids share the number, which never may be
with

summed as (

    select
        id_no,
        min(kind) as kind,
        min(value) as value,
        max(kind) as last_kind,
        max(value) as last_value,
        bool_or(is_strong) as is_strong,
        cast(sum(events) as bigint) as events,
        min(first_us) as first_us,
        max(last_us) as last_us
    from identity_values
    where not is_blocked
    group by id_no

)

select
    summed.id_no,
    summed.kind,
    summed.value,
    summed.is_strong,
    summed.events,
    summed.first_us,
    summed.last_us,
    substr(
        case
            when secret.pseudonym_key = '' then md5(summed.kind || ':' || summed.value)
            else md5(secret.pseudonym_key || md5(secret.pseudonym_key || summed.kind || ':' || summed.value))
        end,
        1,
        20
    ) as id_hash,
    summed.kind <> summed.last_kind or summed.value <> summed.last_value as is_collision
from summed
cross join cfg_pseudonyms as secret
