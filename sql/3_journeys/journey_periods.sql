-- One row per journey: the period in which it began, by the clock of the project's time zone.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   value        varchar  for instance 2026-01-31, 2026-W05 (ISO), 2026-01, 2026-Q1 or 2026
select
    fact.map_no,
    fact.customer_no,
    fact.journey_no,
    quarter.period as value
from journey_facts as fact
inner join local_quarters as quarter
    on quarter.quarter_hour = cast(floor(fact.started_us / 900000000) as bigint)
