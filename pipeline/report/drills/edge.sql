-- One row per journey that makes this move, with how often; the moves add up to the figure's.
select
    journey.journey_id,
    journey.customer_id,
    journey.status,
    journey.started_at,
    count(*) as moves
from journey_moves as move
inner join levels on levels.level_no = move.level_no
inner join journeys as journey
    on journey.map_no = move.map_no
    and journey.customer_no = move.customer_no
    and journey.journey_no = move.journey_no
inner join segmented_journeys as own
    on own.map_no = move.map_no
    and own.customer_no = move.customer_no
    and own.journey_no = move.journey_no
inner join shown_values as shown
    on shown.map_no = own.map_no
    and shown.segment_no = own.segment_no
    and shown.value_no = own.value_no
inner join drawn_nodes as departure
    on departure.map_no = move.map_no
    and departure.level_no = move.level_no
    and departure.node_no = move.from_no
inner join drawn_nodes as arrival
    on arrival.map_no = move.map_no
    and arrival.level_no = move.level_no
    and arrival.node_no = move.to_no
where
    journey.map_name = :map_name
    and shown.segment = :segment
    and shown.shown = :value
    and levels.level = :level
    and departure.drawn = :from_node
    and arrival.drawn = :to_node
    and :among in ('all', replace(replace(journey.status, 'dropped_explicit', 'dropped'), 'dropped_silent', 'dropped'))
group by all
order by journey.journey_id
