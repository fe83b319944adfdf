-- One row per link of the steps around an anchor, for the journeys with a value of a segment and an outcome.
--
-- A journey counts from its first visit to the anchor; repeats of a touchpoint are one step. What arrives
-- at a node leaves it: only (start), (exit), (open) and the last step have one side. Values are those
-- that the report shows; of a value all outcomes are told, of all journeys each outcome.
--
-- grain:    map_name, segment, value, among, anchor, step_no, from_node, to_node
-- columns:
--   map_name   varchar  map
--   segment    varchar  segment; all: every journey
--   value      varchar  value of the segment
--   among      varchar  which journeys: all, converted, dropped or open
--   anchor     varchar  touchpoint that the steps are counted from
--   anchor_no  integer  its rank by journeys
--   step_no    integer  step that the link leaves: 0 the anchor, from -3 to 2; it enters the next
--   from_node  varchar  node that is left: a touchpoint, (start) or (other)
--   to_node    varchar  node that is entered: a touchpoint, (exit), (open) or (other)
--   direction  varchar  forward or back between stages; level: neither; start, exit or open
--   journeys   bigint   journeys
--   customers  bigint   of them, those that are the first of their customer
with

shown as (

    select
        part.map_no,
        part.anchor_no,
        part.class_no,
        part.step_no,
        departure.shown as from_node,
        arrival.shown as to_node,
        case
            when departure.shown_no = -1 then 'start'
            when arrival.shown_no = -2 then 'exit'
            when arrival.shown_no = -3 then 'open'
            when arrival.stage_no > departure.stage_no then 'forward'
            when arrival.stage_no < departure.stage_no then 'back'
            else 'level'
        end as direction,
        sum(part.journeys) as journeys,
        sum(part.customers) as customers
    from anchor_move_parts as part
    inner join anchor_nodes as departure
        on departure.map_no = part.map_no
        and departure.anchor_no = part.anchor_no
        and departure.step_no = part.step_no
        and departure.node_no = part.from_no
    inner join anchor_nodes as arrival
        on arrival.map_no = part.map_no
        and arrival.anchor_no = part.anchor_no
        and arrival.step_no = part.step_no + 1
        and arrival.node_no = part.to_no
    group by all

),

gathered as (

    select
        shown.map_no,
        class.segment_no,
        class.shown_no,
        class.among_no,
        shown.anchor_no,
        shown.step_no,
        shown.from_node,
        shown.to_node,
        shown.direction,
        cast(sum(shown.journeys) as bigint) as journeys,
        cast(sum(shown.customers) as bigint) as customers
    from shown
    inner join class_values as class on class.class_no = shown.class_no
    where class.segment_no = 0 or class.among_no = 0
    group by all

)

select
    map.map_name,
    named.segment,
    named.shown as value,
    amongst.among,
    anchor.anchor,
    gathered.anchor_no,
    gathered.step_no,
    gathered.from_node,
    gathered.to_node,
    gathered.direction,
    gathered.journeys,
    gathered.customers
from gathered
inner join cfg_maps as map on map.map_no = gathered.map_no
inner join amongst on amongst.among_no = gathered.among_no
inner join anchors as anchor on anchor.map_no = gathered.map_no and anchor.anchor_no = gathered.anchor_no
inner join shown_names as named
    on named.map_no = gathered.map_no
    and named.segment_no = gathered.segment_no
    and named.shown_no = gathered.shown_no
order by
    gathered.map_no, gathered.segment_no, gathered.shown_no, gathered.among_no, gathered.anchor_no,
    gathered.step_no, gathered.from_node, gathered.to_node
