-- One row per visit of a unit near the anchor: the node where it is then, and where it comes from.
--
-- The visits beyond the steps that are asked, one at either end, are at the node (more). Before its
-- first visit a unit is at (start), after its last at (exit) or (open): these steps have no row.
--
-- ranges:   customer_no
-- grain:    group_no, customer_no, unit_no, step
-- columns:
--   group_no     integer  group
--   customer_no  integer  customer
--   unit_no      integer  journey_no, session_no, or 0 where the unit is the customer
--   step         integer  steps after the anchor; below zero before it
--   node_no      integer  node; -4: (other), -5: (more)
--   from_no      integer  node at the step before: -1: (start), -5: (more); NULL: it is beyond those asked
--   ends_no      integer  -2 (exit), -3 (open): it is the unit's last visit; NULL: it is not
--   occurred_us  bigint   when it arrives, UTC microseconds
--   gap_us       bigint   time since it arrived at the node before; NULL for the first visit
with

lagged as (

    select
        step.group_no,
        step.customer_no,
        step.unit_no,
        step.place,
        step.occurred_us,
        step.node_no,
        step.is_over,
        lag(step.node_no) over (
            partition by step.group_no, step.customer_no, step.unit_no
            order by step.place
        ) as previous_no,
        asked.is_merged
    from graph_steps as step
    inner join asked_steps as asked on asked.group_no = step.group_no
    where step.node_no is not null

),

visited as (

    select
        group_no,
        customer_no,
        unit_no,
        occurred_us,
        node_no,
        row_number() over walk as visit_no,
        lag(node_no) over walk as previous_no,
        occurred_us - lag(occurred_us) over walk as gap_us,
        case when lead(node_no) over walk is null then case when is_over then -2 else -3 end end as ends_no
    from lagged
    where not is_merged or node_no is distinct from previous_no
    window walk as (partition by group_no, customer_no, unit_no order by place)

),

met as (

    select
        visited.group_no,
        visited.customer_no,
        visited.unit_no,
        visited.visit_no,
        asked.nth,
        row_number() over (
            partition by visited.group_no, visited.customer_no, visited.unit_no
            order by visited.visit_no
        ) as from_first,
        row_number() over (
            partition by visited.group_no, visited.customer_no, visited.unit_no
            order by visited.visit_no desc
        ) as from_last
    from visited
    inner join asked_steps as asked on asked.group_no = visited.group_no and asked.anchor_no = visited.node_no

),

anchored as (

    select group_no, customer_no, unit_no, visit_no as anchor_visit
    from met
    where from_first = nth or from_last = -nth
    union all
    select visited.group_no, visited.customer_no, visited.unit_no, 0
    from visited
    inner join asked_steps as asked on asked.group_no = visited.group_no and asked.anchor_no = -1
    where visited.visit_no = 1
    union all
    select visited.group_no, visited.customer_no, visited.unit_no, visited.visit_no + 1
    from visited
    inner join asked_steps as asked on asked.group_no = visited.group_no and asked.anchor_no = -2
    where visited.ends_no is not null

),

placed as (

    select
        visited.group_no,
        visited.customer_no,
        visited.unit_no,
        cast(visited.visit_no - anchored.anchor_visit as integer) as step,
        visited.node_no,
        visited.previous_no,
        visited.ends_no,
        visited.occurred_us,
        visited.gap_us,
        asked.back,
        asked.forward
    from visited
    inner join asked_steps as asked on asked.group_no = visited.group_no
    inner join anchored
        on anchored.group_no = visited.group_no
        and anchored.customer_no = visited.customer_no
        and anchored.unit_no = visited.unit_no
        and visited.visit_no between anchored.anchor_visit - asked.back - 1 and anchored.anchor_visit + asked.forward + 1

)

select
    group_no,
    customer_no,
    unit_no,
    step,
    case when step < -back or step > forward then -5 else node_no end as node_no,
    case
        when previous_no is null then -1
        when step < -back then null
        when step = -back then -5
        else previous_no
    end as from_no,
    ends_no,
    occurred_us,
    gap_us
from placed
