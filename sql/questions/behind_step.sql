-- One row per unit that is at a node at a step round the anchor.
--
-- kind:     view
-- grain:    group_no, customer_no, unit_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   unit_no      integer  journey_no, session_no, or 0 where the unit is the customer
--   times        bigint   1: a unit is at one node at a time
--   first_us     bigint   when it arrives there, UTC microseconds; at (start) the first step of a
--                journey, at (exit) and (open) the last; else NULL at virtual nodes
--   last_us      bigint   the same
--   status       varchar  outcome of the journey; NULL where the unit is none
select
    place.group_no,
    scope.map_no,
    place.customer_no,
    place.unit_no,
    cast(1 as bigint) as times,
    coalesce(
        place.occurred_us,
        case when place.node_no = -1 then journey.started_us when place.node_no in (-2, -3) then journey.ended_us end
    ) as first_us,
    coalesce(
        place.occurred_us,
        case when place.node_no = -1 then journey.started_us when place.node_no in (-2, -3) then journey.ended_us end
    ) as last_us,
    journey.status
from step_places as place
inner join asked_step_node as asked
    on asked.group_no = place.group_no and asked.step = place.step and asked.node_no = place.node_no
inner join asked_scope as scope on scope.group_no = place.group_no
inner join asked_graph as graph on graph.group_no = place.group_no
left join journey_facts as journey
    on graph.cut = 'journey'
    and journey.map_no = scope.map_no
    and journey.customer_no = place.customer_no
    and journey.journey_no = place.unit_no
