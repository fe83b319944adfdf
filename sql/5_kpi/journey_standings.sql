-- One row per journey that has a stage: the narrowest population that it is in.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   standing     integer  1: it may still go on; 2: it is over; 3: it is over, its beginning was seen, and
--                it began at least silence_us before the as-of moment, so that quick endings are not favoured
select
    journey.map_no,
    journey.customer_no,
    journey.journey_no,
    case
        when not journey.is_closed then 1
        when journey.truncated_by is null and as_of.as_of_us - journey.started_us >= map.silence_us then 3
        else 2
    end as standing
from journey_facts as journey
inner join cfg_maps as map on map.map_no = journey.map_no
cross join as_of
where journey.staged_steps > 0
