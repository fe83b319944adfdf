-- One row per group: what became of all its moves, when nodes were left out or folded.
--
-- A unit of n steps makes n + 1 moves when nothing is left out. A move that leads over k steps stands
-- for k + 1 of them. So all_moves = direct + bridged + led_over + left_out.
--
-- grain:    group_no
-- columns:
--   group_no        integer  group
--   units           bigint   units with a step
--   units_left_out  bigint   of them, those that have no node, and so no move
--   steps           bigint   steps in the journeys of the group
--   all_moves       bigint   moves if nothing were left out; steps that lie between, in other journeys of
--                   the customer, count too
--   transitions     bigint   moves of the graph
--   direct          bigint   of them, those between true neighbours
--   bridged         bigint   of them, those that lead over steps
--   folded          bigint   of them, those from or to (other)
--   led_over        bigint   steps that the bridged ones lead over
--   left_out        bigint   moves of the units that have no node
--   in_no_session   bigint   steps besides, which are in no session where that is the cut
--   is_met          boolean  whether it all adds up
with

counted as (

    select
        group_no,
        cast(sum(units) as bigint) as units,
        cast(sum(units_left_out) as bigint) as units_left_out,
        cast(sum(steps) as bigint) as steps,
        cast(sum(steps + outside + units) as bigint) as all_moves,
        cast(sum(left_out + units_left_out) as bigint) as left_out
    from graph_unit_parts
    group by group_no

),

moved as (

    select
        group_no,
        sum(transitions) as transitions,
        sum(bridged) as bridged,
        sum(case when from_no = -4 or to_no = -4 then transitions else 0 end) as folded,
        sum(skipped) as led_over
    from graph_parts
    where part = 'edge'
    group by group_no

),

-- Where sessions are walked, passive events may be in none.
loose as (

    select scoped.group_no, count(*) as steps
    from scoped_journeys as scoped
    inner join asked_graph as graph on graph.group_no = scoped.group_no and graph.cut = 'session'
    inner join journey_steps as step
        on step.map_no = scoped.map_no
        and step.customer_no = scoped.customer_no
        and step.journey_no = scoped.journey_no
        and step.session_no is null
    group by scoped.group_no

),

filled as (

    select
        scope.group_no,
        coalesce(counted.units, 0) as units,
        coalesce(counted.units_left_out, 0) as units_left_out,
        coalesce(counted.steps, 0) as steps,
        coalesce(counted.all_moves, 0) as all_moves,
        cast(coalesce(moved.transitions, 0) as bigint) as transitions,
        cast(coalesce(moved.bridged, 0) as bigint) as bridged,
        cast(coalesce(moved.folded, 0) as bigint) as folded,
        cast(coalesce(moved.led_over, 0) as bigint) as led_over,
        coalesce(counted.left_out, 0) as left_out,
        coalesce(loose.steps, 0) as in_no_session
    from asked_scope as scope
    left join counted on counted.group_no = scope.group_no
    left join moved on moved.group_no = scope.group_no
    left join loose on loose.group_no = scope.group_no

)

select
    group_no,
    units,
    units_left_out,
    steps,
    all_moves,
    transitions,
    transitions - bridged as direct,
    bridged,
    folded,
    led_over,
    left_out,
    in_no_session,
    all_moves = transitions + led_over + left_out as is_met
from filled
order by group_no
