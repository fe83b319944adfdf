-- One row: the moment up to which the journeys are observed.
--
-- It is the earliest of the last events of the required sources, so that a source which was exported
-- late makes nobody silent; later events are not used. The project file may declare another.
--
-- grain:    as_of_us
-- columns:
--   as_of_us  bigint     UTC microseconds
--   as_of_at  timestamp  the same moment, UTC
--   first_us  bigint     first event of any source, UTC microseconds
--   first_at  timestamp  the same moment, UTC
with

ended as (

    select min(span.last_us) as last_us
    from source_spans as span
    inner join cfg_sources as source on source.source_no = span.source_no
    where source.is_required

),

found as (

    select
        coalesce(
            (select as_of_us from cfg_settings),
            (select last_us from ended),
            (select max(last_us) from source_spans)
        ) as as_of_us,
        (select min(first_us) from source_spans) as first_us

)

select
    as_of_us,
    make_timestamp(as_of_us) as as_of_at,
    first_us,
    make_timestamp(first_us) as first_at
from found
