-- One row per value that stands in the columns of several kinds of id. They are not taken for one another.
--
-- grain:    value
-- columns:
--   value   varchar  the value
--   kinds   bigint   how many kinds of id have it
--   kind    varchar  one of them
--   other   varchar  another one
--   events  bigint   events that carry it, in one of these columns or in several
with

repeated as (

    select value, count(*) as kinds, min(kind) as kind, max(kind) as other
    from identity_ids
    group by value
    having count(*) > 1

),

carried as (

    select distinct listed.value, listed.identity_key, listed.events
    from identity_values as listed
    inner join repeated on repeated.value = listed.value
    where not listed.is_blocked

),

counted as (

    select value, cast(sum(events) as bigint) as events
    from carried
    group by value

)

select repeated.value, repeated.kinds, repeated.kind, repeated.other, counted.events
from repeated
inner join counted on counted.value = repeated.value
order by counted.events desc, repeated.value
