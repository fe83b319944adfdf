-- One row per unit behind a move of the graph, or behind a node: a move from anywhere to it.
--
-- kind:     view
-- grain:    group_no, customer_no, unit_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   unit_no      integer  journey_no, session_no, or 0 where the unit is the customer
--   times        bigint   moves
--   first_us     bigint   arrival by the first of them, UTC microseconds; for moves out, the last step
--   last_us      bigint   arrival by the last of them
--   status       varchar  outcome of the journey; NULL where the unit is none
with

visited as (

    select
        group_no,
        customer_no,
        unit_no,
        occurred_us,
        node_no,
        is_over,
        lag(node_no) over walk as previous_no,
        lead(node_no) over walk as next_no
    from graph_steps
    where node_no is not null
    window walk as (partition by group_no, customer_no, unit_no order by place)

),

moved as (

    select group_no, customer_no, unit_no, occurred_us, coalesce(previous_no, -1) as from_no, node_no as to_no
    from visited
    union all
    select group_no, customer_no, unit_no, occurred_us, node_no, case when is_over then -2 else -3 end
    from visited
    where next_no is null

)

select
    move.group_no,
    scope.map_no,
    move.customer_no,
    move.unit_no,
    count(*) as times,
    min(move.occurred_us) as first_us,
    max(move.occurred_us) as last_us,
    min(journey.status) as status
from moved as move
inner join asked_move as asked
    on asked.group_no = move.group_no
    and move.from_no = coalesce(asked.from_no, move.from_no)
    and move.to_no = coalesce(asked.to_no, move.to_no)
inner join asked_scope as scope on scope.group_no = move.group_no
inner join asked_graph as graph on graph.group_no = move.group_no
left join journey_facts as journey
    on graph.cut = 'journey'
    and journey.map_no = scope.map_no
    and journey.customer_no = move.customer_no
    and journey.journey_no = move.unit_no
group by move.group_no, scope.map_no, move.customer_no, move.unit_no
