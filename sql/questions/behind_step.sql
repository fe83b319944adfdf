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
--   first_us     bigint   when it arrives there, UTC microseconds; at (start) its first step, at (exit)
--                and (open) its last
--   last_us      bigint   the same
--   status       varchar  outcome of the journey; NULL where the unit is none
select
    place.group_no,
    scope.map_no,
    place.customer_no,
    place.unit_no,
    cast(1 as bigint) as times,
    place.occurred_us as first_us,
    place.occurred_us as last_us,
    journey.status
from step_places as place
inner join asked_step_node as asked
    on asked.group_no = place.group_no
    and (
        (asked.node_no not between -3 and -1 and place.step = asked.step and place.node_no = asked.node_no)
        or (place.from_no = asked.node_no and asked.node_no = -1 and place.step > asked.step)
        or (place.ends_no = asked.node_no and place.step < asked.step)
    )
inner join asked_scope as scope on scope.group_no = place.group_no
inner join asked_graph as graph on graph.group_no = place.group_no
left join journey_facts as journey
    on graph.cut = 'journey'
    and journey.map_no = scope.map_no
    and journey.customer_no = place.customer_no
    and journey.journey_no = place.unit_no
