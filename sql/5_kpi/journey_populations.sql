-- One row per journey and population that figures are read from.
--
-- all: every journey that has a stage. closed: those that are over. headline: those that are over, whose
-- beginning was seen, and which began at least silence_us before the as-of moment, so that quick endings
-- are not favoured.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no, population
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   population   varchar  all, closed or headline
with

judged as (

    select
        journey.map_no,
        journey.customer_no,
        journey.journey_no,
        journey.is_closed,
        journey.truncated_by is null
        and as_of.as_of_us - journey.started_us >= map.silence_us as is_seen_whole
    from journey_facts as journey
    inner join cfg_maps as map on map.map_no = journey.map_no
    cross join as_of
    where journey.staged_steps > 0

)

select map_no, customer_no, journey_no, 'all' as population
from judged
union all
select map_no, customer_no, journey_no, 'closed'
from judged
where is_closed
union all
select map_no, customer_no, journey_no, 'headline'
from judged
where is_closed and is_seen_whole
