-- One row per journey that walks a loop of loops.
--
-- kind:     view
-- grain:    group_no, customer_no, unit_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   unit_no      integer  journey_no
--   times        bigint   returns
--   first_us     bigint   arrival back by the first of them, UTC microseconds
--   last_us      bigint   arrival back by the last of them
--   status       varchar  outcome of the journey
with

sought as (

    select
        listed.map_no,
        listed.level_no,
        listed.moves,
        listed.node_1,
        listed.node_2,
        listed.node_3,
        listed.node_4
    from asked_loop as asked
    inner join listed_loops as listed
        on listed.level_no = asked.level_no
        and listed.moves = asked.moves
        and listed.loop_no = asked.loop_no

),

returned as (

    select back.map_no, back.customer_no, back.journey_no, back.returned_us
    from node_returns as back
    inner join sought
        on sought.map_no = back.map_no
        and sought.level_no = back.level_no
        and sought.moves = back.cycle_moves
        and sought.node_1 = back.node_1
        and sought.node_2 = back.node_2
        and sought.node_3 = coalesce(back.node_3, 0)
        and sought.node_4 = coalesce(back.node_4, 0)
    union all
    select back.map_no, back.customer_no, back.journey_no, back.returned_us
    from node_returns as back
    inner join sought
        on sought.map_no = back.map_no
        and sought.level_no = back.level_no
        and sought.moves = 0
        and sought.node_1 = back.node_no
    union all
    select step.map_no, step.customer_no, step.journey_no, step.occurred_us
    from journey_steps as step
    inner join sought
        on sought.map_no = step.map_no
        and sought.moves = 1
        and sought.node_1 = case sought.level_no when 1 then step.touchpoint_no else step.stage_no end
    where
        (sought.level_no = 1 and step.touchpoint_no = step.previous_touchpoint_no)
        or (sought.level_no = 2 and step.stage_no = step.previous_stage_no)

)

select
    scoped.group_no,
    scoped.map_no,
    scoped.customer_no,
    scoped.journey_no as unit_no,
    count(*) as times,
    min(returned.returned_us) as first_us,
    max(returned.returned_us) as last_us,
    journey.status
from scoped_journeys as scoped
inner join returned
    on returned.map_no = scoped.map_no
    and returned.customer_no = scoped.customer_no
    and returned.journey_no = scoped.journey_no
inner join journey_facts as journey
    on journey.map_no = scoped.map_no
    and journey.customer_no = scoped.customer_no
    and journey.journey_no = scoped.journey_no
group by scoped.group_no, scoped.map_no, scoped.customer_no, scoped.journey_no, journey.status
