-- One row per group, customer and edge of the compared graphs: how often the customer goes that way.
--
-- Only moves whose fate is known: the step that is left lies as far before the as-of moment as it takes to
-- tell that a unit is over (the map's silence or longest horizon, of sessions the session gap). So open ends
-- make no exits, and both groups are followed alike. Besides, from -5 (any) to each node: how often the
-- customer is there.
--
-- grain:    group_no, customer_no, from_no, to_no
-- columns:
--   group_no     integer  group
--   customer_no  integer  customer
--   from_no      integer  node that is left, as in graph_moves; -5: any, then to_no is visited
--   to_no        integer  node that is entered
--   moves        bigint   how often
with

horizons as (

    select map.map_no, greatest(max(horizon.horizon_us), max(map.silence_us)) as horizon_us
    from cfg_maps as map
    inner join silence_horizons as horizon on horizon.map_no = map.map_no
    group by map.map_no

),

units as (

    select
        step.group_no,
        step.customer_no,
        step.unit_no,
        count(
            case
                when as_of.as_of_us - step.occurred_us
                >= case graph.cut when 'session' then setting.session_gap_us + 1 else horizons.horizon_us end
                    then step.node_no
            end
        ) as known_steps
    from graph_steps as step
    inner join asked_graph as graph on graph.group_no = step.group_no
    inner join asked_scope as scope on scope.group_no = step.group_no
    inner join horizons on horizons.map_no = scope.map_no
    cross join cfg_settings as setting
    cross join asked_comparison as asked
    cross join as_of
    left join journey_facts as fact
        on fact.map_no = scope.map_no
        and fact.customer_no = step.customer_no
        and fact.journey_no = step.unit_no
        and graph.cut = 'journey'
    where asked.has_warm_up or fact.truncated_by is distinct from 'window'
    group by step.group_no, step.customer_no, step.unit_no

),

known as (

    select
        move.group_no,
        move.customer_no,
        move.from_no,
        move.to_no,
        count(*) as moves
    from graph_moves as move
    inner join units
        on units.group_no = move.group_no
        and units.customer_no = move.customer_no
        and units.unit_no = move.unit_no
    where move.move_no <= units.known_steps + 1
    group by move.group_no, move.customer_no, move.from_no, move.to_no

)

select group_no, customer_no, from_no, to_no, moves
from known
where to_no <> -3
union all
select group_no, customer_no, -5, to_no, cast(sum(moves) as bigint)
from known
where to_no >= 0 or to_no = -4
group by group_no, customer_no, to_no
