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
--   id_hash    varchar  pseudonym: first 20 hexadecimal digits of an MD5 over kind and value
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
    id_no,
    kind,
    value,
    is_strong,
    events,
    first_us,
    last_us,
    substr(md5(kind || ':' || value), 1, 20) as id_hash,
    kind <> last_kind or value <> last_value as is_collision
from summed
