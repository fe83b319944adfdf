-- One row per return of a journey to a node, repeats merged: X … X, and not at X in between.
--
-- A return of two to four moves whose nodes all differ goes round a cycle. The cycle is written from
-- its lowest node number, so that Cart > Home > Cart and Home > Cart > Home are one. Walking on round
-- the same cycle, A B A B A, every move closes a return; the first of them begins a run.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, customer_no, journey_no, visit_no
-- columns:
--   map_no       integer  map
--   level_no     integer  1 touchpoint, 2 stage
--   customer_no  integer  customer
--   journey_no   integer  journey
--   visit_no     integer  place of the return in the journey; rises along it
--   node_no      integer  node that is returned to
--   cycle_moves  integer  moves round the cycle, 2 to 4; NULL: the return is longer, or crosses itself
--   node_1       integer  lowest node of the cycle
--   node_2       integer  the node after it
--   node_3       integer  the next; NULL: the cycle is shorter
--   node_4       integer  the next; NULL: the cycle is shorter
--   begins_run   boolean  whether the move before did not close a return round the same cycle
--   returned_us  bigint   arrival back at the node, UTC microseconds
--   duration_us  bigint   from the arrival at the node to the arrival back
with

-- Of journeys that can come back, so that the others are not sorted.
visited as (

    select
        step.map_no,
        1 as level_no,
        step.customer_no,
        step.journey_no,
        step.step_no as visit_no,
        step.touchpoint_no as node_no,
        step.occurred_us as entered_us
    from journey_steps as step
    inner join journey_facts as fact
        on fact.map_no = step.map_no
        and fact.customer_no = step.customer_no
        and fact.journey_no = step.journey_no
    where step.touchpoint_no is distinct from step.previous_touchpoint_no and fact.steps >= 3
    union all
    select
        visit.map_no,
        2,
        visit.customer_no,
        visit.journey_no,
        visit.visit_no,
        visit.stage_no,
        visit.entered_us
    from stage_visits as visit
    inner join journey_facts as fact
        on fact.map_no = visit.map_no
        and fact.customer_no = visit.customer_no
        and fact.journey_no = visit.journey_no
    where fact.back_moves > 0

),

lagged as (

    select
        map_no,
        level_no,
        customer_no,
        journey_no,
        visit_no,
        node_no,
        lag(node_no, 1) over walk as back_1,
        lag(node_no, 2) over walk as back_2,
        lag(node_no, 3) over walk as back_3,
        lag(node_no, 4) over walk as back_4,
        lag(node_no, 5) over walk as back_5,
        entered_us,
        entered_us - lag(entered_us) over stay as duration_us
    from visited
    window
        walk as (partition by map_no, level_no, customer_no, journey_no order by visit_no),
        stay as (partition by map_no, level_no, customer_no, journey_no, node_no order by visit_no)

),

closed as (

    select
        map_no,
        level_no,
        customer_no,
        journey_no,
        visit_no,
        node_no,
        entered_us,
        duration_us,
        case
            when node_no = back_2 then 2
            when node_no = back_3 then 3
            when node_no = back_4 and back_1 <> back_3 then 4
        end as cycle_moves,
        case when node_no = back_2 then back_1 when node_no = back_3 then back_2 else back_3 end as second_no,
        case when node_no = back_2 then null when node_no = back_3 then back_1 else back_2 end as third_no,
        case when node_no = back_2 or node_no = back_3 then null else back_1 end as fourth_no,
        case
            when node_no = back_2 then back_1 is distinct from back_3
            when node_no = back_3 then back_1 is distinct from back_4
            else back_1 is distinct from back_5
        end as begins_run
    from lagged
    where duration_us is not null

),

rotated as (

    select
        *,
        case
            when cycle_moves is not null
                then least(node_no, second_no, coalesce(third_no, second_no), coalesce(fourth_no, second_no))
        end as lowest_no
    from closed

)

select
    map_no,
    level_no,
    customer_no,
    journey_no,
    visit_no,
    node_no,
    cycle_moves,
    lowest_no as node_1,
    case
        when lowest_no = node_no then second_no
        when lowest_no = second_no then coalesce(third_no, node_no)
        when lowest_no = third_no then coalesce(fourth_no, node_no)
        when lowest_no = fourth_no then node_no
    end as node_2,
    case
        when lowest_no is null or cycle_moves = 2 then null
        when lowest_no = node_no then third_no
        when lowest_no = second_no then coalesce(fourth_no, node_no)
        when lowest_no = third_no then case cycle_moves when 3 then second_no else node_no end
        else second_no
    end as node_3,
    case
        when lowest_no is null or cycle_moves < 4 then null
        when lowest_no = node_no then fourth_no
        when lowest_no = second_no then node_no
        when lowest_no = third_no then second_no
        else third_no
    end as node_4,
    begins_run,
    entered_us as returned_us,
    duration_us
from rotated
