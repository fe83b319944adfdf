-- One row per journey at this node of the steps around the touchpoint.
select
    journey.journey_id,
    journey.customer_id,
    journey.status,
    journey.started_at
from anchor_moves as move
inner join anchors as anchor on anchor.map_no = move.map_no and anchor.anchor_no = move.anchor_no
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
inner join anchor_nodes as departure
    on departure.map_no = move.map_no
    and departure.anchor_no = move.anchor_no
    and departure.step_no = move.step_no
    and departure.node_no = move.from_no
inner join anchor_nodes as arrival
    on arrival.map_no = move.map_no
    and arrival.anchor_no = move.anchor_no
    and arrival.step_no = move.step_no + 1
    and arrival.node_no = move.to_no
where
    journey.map_name = :map_name
    and shown.segment = :segment
    and shown.shown = :value
    and anchor.anchor = :anchor
    and case
        when :step_no = -3 or :node = '(start)' then move.step_no = :step_no and departure.shown = :node
        else move.step_no = :step_no - 1 and arrival.shown = :node
    end
    and :among in ('all', replace(replace(journey.status, 'dropped_explicit', 'dropped'), 'dropped_silent', 'dropped'))
order by journey.journey_id
