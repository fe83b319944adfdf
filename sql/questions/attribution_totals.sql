-- One row: the conversions and the journeys that ended without, all of them and those that have a touch.
--
-- grain:    conversions
-- columns:
--   conversions          bigint  conversions that are asked for
--   value                double  their money, whatever the currency
--   touched_conversions  bigint  of them, those with a touch
--   touched_value        double  their money
--   dropped              bigint  journeys that were dropped
--   touched_dropped      bigint  of them, those with a touch that led to no later conversion
--   open_journeys        bigint  journeys that may still go on: they are on neither side
with

met as (

    select
        count(converted_us) as conversions,
        coalesce(sum(case when converted_us is not null then value end), 0) as value,
        count(case when status like 'dropped%' then 1 end) as dropped,
        count(case when status = 'open' then 1 end) as open_journeys
    from attribution_journeys
    where is_asked

),

touched as (

    select
        count(case when is_converted then 1 end) as touched_conversions,
        coalesce(sum(case when is_converted then value end), 0) as touched_value,
        count(case when not is_converted then 1 end) as touched_dropped
    from attribution_places
    where place = 1

)

select
    met.conversions,
    cast(met.value as double) as value,
    touched.touched_conversions,
    cast(touched.touched_value as double) as touched_value,
    met.dropped,
    touched.touched_dropped,
    met.open_journeys
from met
cross join touched
