-- One row per value that stands in the columns of several kinds of id. They are not taken for one another.
--
-- grain:    value
-- columns:
--   value   varchar  the value
--   kinds   bigint   how many kinds of id have it
--   kind    varchar  one of them
--   other   varchar  another one
--   events  bigint   loaded records that carry it
select
    value,
    count(*) as kinds,
    min(kind) as kind,
    max(kind) as other,
    cast(sum(events) as bigint) as events
from identity_ids
group by value
having count(*) > 1
order by events desc, value
