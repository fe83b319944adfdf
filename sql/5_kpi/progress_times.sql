-- One row per journey and stage at which it stood as its frontier: how long until it went beyond.
--
-- Stage 0 is the whole journey: from its first step to the goal. A jump from stage 2 to 5 never was at 3.
-- Reaching the goal counts as going beyond; at the goal's stage and after it nobody is watched, nor is a
-- journey that has reached the goal before, or reaches it by that very step, where the goal is a touchpoint.
-- Journeys that did neither are watched until the as-of moment. Steps of the same moment count in their
-- order: who went on in it was there, for no time.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no, stage_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   stage_no     integer  stage, or 0 for the journey as a whole
--   reached_us   bigint   when the watch begins, UTC microseconds
--   duration_us  bigint   time to the end of the watch
--   outcome      integer  1 went beyond, 2 ended explicitly, 0 neither (silent or still open)
--   fate         varchar  progressed, dropped_explicit, dropped_silent or open
--   ended_us     bigint   last step of the journey, UTC microseconds
--   beyond_us    bigint   when it went beyond, UTC microseconds; NULL: it did not
--   goal_us      bigint   when it reached the goal, UTC microseconds; NULL: it did not
with

entered as (

    select
        advance.map_no,
        advance.customer_no,
        advance.journey_no,
        advance.stage_no,
        advance.reached_us,
        least(advance.beyond_us, fact.goal_us) as beyond_us,
        fact.ended_us,
        fact.goal_us,
        fact.status
    from stage_advances as advance
    inner join journey_facts as fact
        on fact.map_no = advance.map_no
        and fact.customer_no = advance.customer_no
        and fact.journey_no = advance.journey_no
    left join cfg_map_stages as goal on goal.map_no = advance.map_no and goal.is_goal
    where
        (fact.goal_us is null or fact.steps_to_goal > advance.reached_step)
        and coalesce(advance.stage_no < goal.stage_no, true)
    union all
    select
        map_no,
        customer_no,
        journey_no,
        0,
        started_us,
        goal_us,
        ended_us,
        goal_us,
        status
    from journey_facts
    where staged_steps > 0

)

select
    entered.map_no,
    entered.customer_no,
    entered.journey_no,
    entered.stage_no,
    entered.reached_us,
    case
        when entered.beyond_us is not null then entered.beyond_us
        when entered.status = 'dropped_explicit' then entered.ended_us
        else as_of.as_of_us
    end - entered.reached_us as duration_us,
    case
        when entered.beyond_us is not null then 1
        when entered.status = 'dropped_explicit' then 2
        else 0
    end as outcome,
    case when entered.beyond_us is not null or entered.status = 'converted' then 'progressed' else entered.status end as fate,
    entered.ended_us,
    entered.beyond_us,
    entered.goal_us
from entered
cross join as_of
