-- One row per id that may link: every value that is not blocked.
--
-- grain:    id_no
-- columns:
--   id_no      bigint   number by kind and value, from 1
--   kind       varchar  column of the id
--   value      varchar  the id, normalised
--   is_strong  boolean  whether it names a person
--   events     bigint   loaded events that carry it
--   first_us   bigint   first of them, UTC microseconds
--   last_us    bigint   last of them, UTC microseconds
--   id_hash    varchar  pseudonym: first 20 hexadecimal digits of an MD5 over kind and value
with

summed as (

    select
        kind,
        value,
        bool_or(is_strong) as is_strong,
        cast(sum(events) as bigint) as events,
        min(first_us) as first_us,
        max(last_us) as last_us
    from identity_values
    where not is_blocked
    group by kind, value

)

select
    row_number() over (order by kind, value) as id_no,
    kind,
    value,
    is_strong,
    events,
    first_us,
    last_us,
    substr(md5(kind || ':' || value), 1, 20) as id_hash
from summed
