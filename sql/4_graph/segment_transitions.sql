-- One row per edge of the journey graph, for the journeys with a value of a segment and an outcome.
--
-- Values are those that the report shows, and at the levels of touchpoints and channels the sixteen most
-- visited nodes of the map; what is rarer is (other). leaving_journeys and leaving_customers add up: a
-- journey counts once for each node that it is at, by where it goes the first time that it leaves, and a
-- customer counts by the first journey. A move from a node to itself leaves nothing.
--
-- kind:     view
-- grain:    map_name, level, segment, value, among, from_node, to_node
-- columns:
--   map_name           varchar  map
--   level              varchar  touchpoint, stage or channel
--   segment            varchar  segment; all: every journey
--   value              varchar  value of the segment
--   among              varchar  which journeys: all, converted, dropped or open
--   from_node          varchar  node that is left, or (start)
--   to_node            varchar  node that is entered, or (exit) or (open)
--   is_repeat          boolean  whether both are the same node
--   transitions        bigint   moves
--   of_transitions     bigint   moves that leave from_node, repeats included
--   leaving_journeys   bigint   journeys that leave from_node by it the first time that they leave it
--   of_journeys        bigint   journeys that were at from_node
--   leaving_customers  bigint   of leaving_journeys, those that are the first of their customer
--   of_customers       bigint   of of_journeys, those that are the first of their customer
--   of_departures      bigint   transitions that leave from_node for another node
--   median_s           double   median seconds of the edge in all journeys of the map; NULL for virtual nodes
--   example            bigint   one of leaving_journeys: customer_no * 2^32 + journey_no; NULL: there is none
select
    map.map_name,
    levels.level,
    shown.segment,
    shown.shown as value,
    amongst.among,
    coalesce(departure.node, '(other)') as from_node,
    coalesce(arrival.node, '(other)') as to_node,
    counted.from_no = counted.to_no as is_repeat,
    counted.transitions,
    cast(sum(counted.transitions) over whole as bigint) as of_transitions,
    counted.leaving_journeys,
    cast(sum(counted.leaving_journeys) over whole as bigint) as of_journeys,
    counted.leaving_customers,
    cast(sum(counted.leaving_customers) over whole as bigint) as of_customers,
    cast(
        coalesce(sum(case when counted.from_no <> counted.to_no then counted.transitions end) over whole, 0) as bigint
    ) as of_departures,
    timed.median_s,
    counted.example
from segment_moves as counted
inner join cfg_maps as map on map.map_no = counted.map_no
inner join levels on levels.level_no = counted.level_no
inner join amongst on amongst.among_no = counted.among_no
inner join shown_names as shown
    on shown.map_no = counted.map_no
    and shown.segment_no = counted.segment_no
    and shown.shown_no = counted.shown_no
left join node_names as departure
    on departure.map_no = counted.map_no
    and departure.level_no = counted.level_no
    and departure.node_no = counted.from_no
left join node_names as arrival
    on arrival.map_no = counted.map_no
    and arrival.level_no = counted.level_no
    and arrival.node_no = counted.to_no
left join move_times as timed
    on timed.map_no = counted.map_no
    and timed.level_no = counted.level_no
    and timed.from_no = counted.from_no
    and timed.to_no = counted.to_no
window whole as (
    partition by counted.map_no, counted.level_no, counted.segment_no, counted.shown_no, counted.among_no, counted.from_no
)
order by
    counted.map_no, counted.level_no, counted.segment_no, counted.shown_no, counted.among_no, counted.from_no, counted.to_no
