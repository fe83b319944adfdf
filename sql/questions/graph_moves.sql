-- One row per move of a unit: from node to node, in from (start) and out to (exit) or (open).
--
-- A unit is a journey, a session or a customer, as graph_steps has it. A step that is no node is led
-- over, and counted in skipped. A unit without any node has no move.
--
-- Node numbers below zero are virtual: -1 (start), -2 (exit): the unit is over, -3 (open): it may
-- still go on, -4 (other).
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
--   is_across    boolean  whether it leads from one session into another; an event in none is one of its own
with

walked as (

    select
        group_no,
        customer_no,
        unit_no,
        place,
        occurred_us,
        is_over,
        node_no,
        count(node_no) over so_far as move_no,
        last_value(node_no ignore nulls) over earlier as from_no,
        session_no,
        last_value(case when node_no is not null then coalesce(session_no, 0) end ignore nulls) over earlier
            as from_session_no,
        max(case when node_no is not null then place end) over earlier as from_place,
        max(case when node_no is not null then occurred_us end) over earlier as from_us,
        max(case when node_no is not null then place end) over whole as last_place,
        min(place) over whole as begin_place,
        max(place) over whole as end_place
    from graph_steps
    window
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
        when ways.leaves then walked.end_place - walked.place
        else coalesce(walked.place - walked.from_place - 1, walked.place - walked.begin_place)
    end as skipped,
    not ways.leaves and walked.from_no is not null and walked.session_no is distinct from walked.from_session_no
        as is_across
from walked
cross join ways
where walked.node_no is not null and (not ways.leaves or walked.place = walked.last_place)
