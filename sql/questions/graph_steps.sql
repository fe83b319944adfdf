-- One row per step of a unit: the node that it stands for, if it stands for one.
--
-- A unit is a journey, a session or a customer, by the cut that is asked; it holds its steps in the
-- journeys of the group. A step is no node where it is off the axis, at the level of stages, or where
-- the node is not kept. A unit is over, and not open: a journey when it is closed, a customer when
-- the last of the journeys is, a session as open_sessions says. A step that is in no session is in no
-- unit of that cut.
--
-- kind:     view
-- grain:    group_no, customer_no, unit_no, place
-- columns:
--   group_no     integer  group
--   customer_no  integer  customer
--   unit_no      integer  journey_no, session_no, or 0 where the unit is the customer
--   place        bigint   place among the steps of all journeys of the customer, from 1
--   occurred_us  bigint   when it happened, UTC microseconds
--   session_no   integer  session of the customer; NULL: it is in none
--   node_no      integer  touchpoint_no, stage_no or channel_no; -4: (other); NULL: no node
--   is_over      boolean  whether the unit is over; else it may still go on
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

drawn as (

    select
        taken.group_no,
        taken.customer_no,
        case taken.cut when 'journey' then taken.journey_no when 'session' then step.session_no else 0 end as unit_no,
        taken.steps_before + step.step_no as place,
        step.occurred_us,
        step.session_no,
        case when taken.cut = 'session' then may_go_on.session_no is null else taken.is_over end as is_over,
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
    left join open_sessions as may_go_on
        on may_go_on.customer_no = step.customer_no and may_go_on.session_no = step.session_no
    where taken.cut <> 'session' or step.session_no is not null

)

select
    drawn.group_no,
    drawn.customer_no,
    drawn.unit_no,
    drawn.place,
    drawn.occurred_us,
    drawn.session_no,
    case
        when drawn.node_no is not null and (drawn.nodes = 0 or named.node_no is not null)
            then case when named.is_folded then -4 else drawn.node_no end
        when not drawn.is_bridged then -4
    end as node_no,
    drawn.is_over
from drawn
left join asked_nodes as named on named.group_no = drawn.group_no and named.node_no = drawn.node_no
