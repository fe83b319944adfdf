-- One row per anchor, step and node: the node as step flows show it there, itself or (other).
--
-- At each step the five touchpoints where most journeys are stand by themselves; so do virtual nodes.
--
-- grain:    map_no, anchor_no, step_no, node_no
-- columns:
--   map_no     integer  map
--   anchor_no  integer  anchor
--   step_no    integer  step, from -3 to 3
--   node_no    integer  node as figures draw it
--   shown_no   integer  node that is shown; -4: (other)
--   shown      varchar  its name
--   stage_no   integer  its stage; NULL: none
--   journeys   bigint   journeys that are there then
with

placed as (

    select map_no, anchor_no, step_no, from_no as node_no, journeys
    from anchor_move_parts
    where step_no = -3 or from_no = -1
    union all
    select map_no, anchor_no, step_no + 1, to_no, journeys
    from anchor_move_parts

),

counted as (

    select map_no, anchor_no, step_no, node_no, cast(sum(journeys) as bigint) as journeys
    from placed
    group by map_no, anchor_no, step_no, node_no

),

ranked as (

    select
        map_no,
        anchor_no,
        step_no,
        node_no,
        journeys,
        row_number() over (
            partition by map_no, anchor_no, step_no
            order by case when node_no < 0 then 1 else 0 end, journeys desc, node_no
        ) as place
    from counted

),

folded as (

    select
        map_no,
        anchor_no,
        step_no,
        node_no,
        case when node_no < 0 or place <= 5 then node_no else -4 end as shown_no,
        journeys
    from ranked

)

select
    folded.map_no,
    folded.anchor_no,
    folded.step_no,
    folded.node_no,
    folded.shown_no,
    named.node as shown,
    named.stage_no,
    folded.journeys
from folded
inner join node_names as named
    on named.map_no = folded.map_no and named.level_no = 1 and named.node_no = folded.shown_no
order by folded.map_no, folded.anchor_no, folded.step_no, folded.node_no
