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
select
    journey.map_no,
    journey.customer_no,
    journey.journey_no,
    populations.population
from journey_facts as journey
inner join populations on populations.population_no <= journey.standing
