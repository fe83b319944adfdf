-- One row per map and group of journeys: the journeys that reached the goal, and what they were worth.
--
-- A group is a value of a segment, or segment 0: all journeys.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no
-- columns:
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   goals       bigint   journeys that reached the goal
--   value       double   money of their events; NULL: none carries any
select
    fact.map_no,
    own.segment_no,
    own.value_no,
    count(*) as goals,
    cast(sum(valued.value) as double) as value
from journey_facts as fact
inner join segmented_journeys as own
    on own.map_no = fact.map_no and own.customer_no = fact.customer_no and own.journey_no = fact.journey_no
left join journey_values as valued
    on valued.map_no = fact.map_no
    and valued.customer_no = fact.customer_no
    and valued.journey_no = fact.journey_no
where fact.goal_us is not null and fact.staged_steps > 0
group by fact.map_no, own.segment_no, own.value_no
