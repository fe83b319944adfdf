-- One row per unit that has the anchor, and step round it: the node where it is then.
--
-- Every unit is somewhere at every step: before its first step at (start), after its last at (exit) or
-- (open); one step beyond those asked it is there, or at (more) where it has further steps.
--
-- ranges:   customer_no
-- grain:    group_no, customer_no, unit_no, step
-- columns:
--   group_no     integer  group
--   customer_no  integer  customer
--   unit_no      integer  journey_no, session_no, or 0 where the unit is the customer
--   step         integer  steps after the anchor; below zero before it
--   node_no      integer  node; below zero virtual: -1 (start), -2 (exit), -3 (open), -5 (more)
--   occurred_us  bigint   when it arrives there, UTC microseconds; NULL at virtual nodes
--   gap_us       bigint   time since it arrived at the node before; NULL for the first, and virtual nodes
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
        is_over,
        row_number() over walk as visit_no,
        occurred_us - lag(occurred_us) over walk as gap_us,
        count(*) over (partition by group_no, customer_no, unit_no) as visits
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
        visited.visits,
        visited.is_over,
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

    select group_no, customer_no, unit_no, visit_no as anchor_no, visits, is_over
    from met
    where from_first = nth or from_last = -nth
    union all
    select
        visited.group_no,
        visited.customer_no,
        visited.unit_no,
        case asked.anchor_no when -1 then 0 else visited.visits + 1 end,
        visited.visits,
        visited.is_over
    from visited
    inner join asked_steps as asked on asked.group_no = visited.group_no and asked.anchor_no < 0
    where visited.visit_no = 1

),

placed as (

    select
        anchored.group_no,
        anchored.customer_no,
        anchored.unit_no,
        ahead.step,
        anchored.anchor_no + ahead.step as visit_no,
        anchored.visits,
        anchored.is_over,
        ahead.step < -asked.back or ahead.step > asked.forward as is_beyond
    from anchored
    inner join asked_steps as asked on asked.group_no = anchored.group_no
    inner join asked_step_offsets as ahead on ahead.group_no = anchored.group_no

)

select
    placed.group_no,
    placed.customer_no,
    placed.unit_no,
    placed.step,
    cast(
        case
            when placed.visit_no < 1 then -1
            when placed.visit_no > placed.visits then case when placed.is_over then -2 else -3 end
            when placed.is_beyond then -5
            else visited.node_no
        end as integer
    ) as node_no,
    case when not placed.is_beyond then visited.occurred_us end as occurred_us,
    case when not placed.is_beyond then visited.gap_us end as gap_us
from placed
left join visited
    on visited.group_no = placed.group_no
    and visited.customer_no = placed.customer_no
    and visited.unit_no = placed.unit_no
    and visited.visit_no = placed.visit_no
