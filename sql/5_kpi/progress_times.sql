-- One row per journey and stage at which it stood as its frontier: how long until it went beyond.
--
-- Stage 0 is the whole journey: from its first step to the goal. A jump from stage 2 to 5 never was at 3.
-- Reaching the goal counts as going beyond. Journeys that did neither are watched until the as-of moment.
--
-- kind:     view
-- grain:    map_no, customer_no, journey_no, stage_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   stage_no     integer  stage, or 0 for the journey as a whole
--   duration_us  bigint   time to the end of the watch
--   outcome      integer  1 went beyond, 2 ended explicitly, 0 neither (silent or still open)
with

entered as (

    select
        stage.map_no,
        stage.customer_no,
        stage.journey_no,
        stage.stage_no,
        stage.reached_us,
        coalesce(
            stage.beyond_us,
            case when journey.goal_us >= stage.reached_us then journey.goal_us end
        ) as beyond_us,
        journey.ended_us,
        journey.status
    from journey_stages as stage
    inner join journeys as journey
        on journey.map_no = stage.map_no
        and journey.customer_no = stage.customer_no
        and journey.journey_no = stage.journey_no
    where stage.beyond_us is null or stage.beyond_us > stage.reached_us
    union all
    select
        map_no,
        customer_no,
        journey_no,
        0,
        started_us,
        goal_us,
        ended_us,
        status
    from journeys
    where staged_steps > 0

)

select
    entered.map_no,
    entered.customer_no,
    entered.journey_no,
    entered.stage_no,
    case
        when entered.beyond_us is not null then entered.beyond_us
        when entered.status = 'dropped_explicit' then entered.ended_us
        else as_of.as_of_us
    end - entered.reached_us as duration_us,
    case
        when entered.beyond_us is not null then 1
        when entered.status = 'dropped_explicit' then 2
        else 0
    end as outcome
from entered
cross join as_of
