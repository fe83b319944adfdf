-- One row per move of a unit: from node to node, in from (start) and out to (exit) or (open).
--
-- A unit is a journey, a session or a customer, by the cut that is asked; it holds its steps in the
-- journeys of the group. A step that is no node (off the axis at the level of stages, or not kept)
-- is led over, and counted in skipped, or is the node (other). A unit without any node has no move.
--
-- Node numbers below zero are virtual: -1 (start), -2 (exit): the unit is over, -3 (open): it may
-- still go on, -4 (other). A journey is over when it is closed, a customer when the last of the
-- journeys is, a session when more than the session gap lies between its last event and the as-of moment.
--
-- kind:     view
-- grain:    group_no, customer_no, unit_no, move_no
-- columns:
--   group_no     integer  group
--   customer_no  integer  customer
--   unit_no      integer  journey_no, session_no, or 0 where the unit is the customer
--   move_no      integer  place in the unit, from 1; the last one leaves it
--   from_no      integer  node that is left
--   to_no        integer  node that is entered
--   gap_us       bigint   time between the two; NULL to and from virtual nodes but (other)
--   skipped      bigint   steps of the customer's journeys that it leads over: 0 for true neighbours
with

lined as (

    select
        map_no,
        customer_no,
        journey_no,
        is_closed,
        cast(
            coalesce(
                sum(steps) over (
                    partition by map_no, customer_no
                    order by journey_no
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as bigint
        ) as steps_before
    from journey_facts

),

taken as (

    select
        scoped.group_no,
        scoped.map_no,
        scoped.customer_no,
        scoped.journey_no,
        graph.level_no,
        graph.cut,
        graph.is_bridged,
        graph.nodes,
        lined.steps_before,
        case
            when graph.cut = 'journey' then lined.is_closed
            else last_value(lined.is_closed) over (
                partition by scoped.group_no, scoped.customer_no
                order by scoped.journey_no
                rows between unbounded preceding and unbounded following
            )
        end as is_over
    from scoped_journeys as scoped
    inner join asked_graph as graph on graph.group_no = scoped.group_no
    inner join lined
        on lined.map_no = scoped.map_no
        and lined.customer_no = scoped.customer_no
        and lined.journey_no = scoped.journey_no

),

going as (

    select session.customer_no, session.session_no
    from session_sums as session
    cross join cfg_settings as setting
    cross join as_of
    where session.ended_us >= as_of.as_of_us - setting.session_gap_us

),

drawn as (

    select
        taken.group_no,
        taken.customer_no,
        case taken.cut when 'journey' then taken.journey_no when 'session' then step.session_no else 0 end as unit_no,
        taken.steps_before + step.step_no as place,
        step.occurred_us,
        case when taken.cut = 'session' then going.session_no is null else taken.is_over end as is_over,
        case taken.level_no
            when 1 then step.touchpoint_no
            when 2 then step.stage_no
            else step.channel_no
        end as node_no,
        taken.is_bridged,
        taken.nodes
    from journey_steps as step
    inner join taken
        on taken.map_no = step.map_no
        and taken.customer_no = step.customer_no
        and taken.journey_no = step.journey_no
    left join going on going.customer_no = step.customer_no and going.session_no = step.session_no

),

kept as (

    select
        drawn.group_no,
        drawn.customer_no,
        drawn.unit_no,
        drawn.place,
        drawn.occurred_us,
        drawn.is_over,
        case
            when drawn.node_no is not null and (drawn.nodes = 0 or named.node_no is not null) then drawn.node_no
            when not drawn.is_bridged then -4
        end as node_no
    from drawn
    left join asked_nodes as named on named.group_no = drawn.group_no and named.node_no = drawn.node_no

),

walked as (

    select
        group_no,
        customer_no,
        unit_no,
        place,
        occurred_us,
        is_over,
        node_no,
        row_number() over walk as step_no,
        count(*) over whole as steps,
        count(node_no) over so_far as move_no,
        last_value(node_no ignore nulls) over earlier as from_no,
        max(case when node_no is not null then place end) over earlier as from_place,
        max(case when node_no is not null then occurred_us end) over earlier as from_us,
        max(case when node_no is not null then place end) over whole as last_place
    from kept
    window
        walk as (partition by group_no, customer_no, unit_no order by place),
        so_far as (
            partition by group_no, customer_no, unit_no
            order by place
            rows between unbounded preceding and current row
        ),
        earlier as (
            partition by group_no, customer_no, unit_no
            order by place
            rows between unbounded preceding and 1 preceding
        ),
        whole as (
            partition by group_no, customer_no, unit_no
            order by place
            rows between unbounded preceding and unbounded following
        )

),

ways as (

    select false as leaves
    union all
    select true

)

select
    walked.group_no,
    walked.customer_no,
    walked.unit_no,
    cast(case when ways.leaves then walked.move_no + 1 else walked.move_no end as integer) as move_no,
    case when ways.leaves then walked.node_no else coalesce(walked.from_no, -1) end as from_no,
    case when not ways.leaves then walked.node_no when walked.is_over then -2 else -3 end as to_no,
    case when not ways.leaves then walked.occurred_us - walked.from_us end as gap_us,
    case
        when ways.leaves then walked.steps - walked.step_no
        else coalesce(walked.place - walked.from_place, walked.step_no) - 1
    end as skipped
from walked
cross join ways
where walked.node_no is not null and (not ways.leaves or walked.place = walked.last_place)
