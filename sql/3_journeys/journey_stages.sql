-- One row per journey and stage that it reached, passed or not: when it got there and when beyond.
--
-- A journey has reached stage k when it has been at k or at any later stage.
--
-- grain:    map_no, customer_no, journey_no, stage_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   stage_no     integer  stage
--   is_touched   boolean  whether an event was at this very stage; else it was skipped
--   touched_us   bigint   first event at this very stage; NULL: skipped
--   reached_us   bigint   first event at this stage or a later one
--   beyond_us    bigint   first event at a later stage; NULL: not yet
with

touched as (

    select
        map_no,
        customer_no,
        journey_no,
        stage_no,
        min(occurred_us) as touched_us
    from journey_steps
    where stage_no is not null
    group by map_no, customer_no, journey_no, stage_no

),

spread as (

    select
        journey.map_no,
        journey.customer_no,
        journey.journey_no,
        stage.stage_no,
        touched.touched_us
    from journeys as journey
    inner join cfg_map_stages as stage
        on stage.map_no = journey.map_no and stage.stage_no <= journey.furthest_stage_no
    left join touched
        on touched.map_no = journey.map_no
        and touched.customer_no = journey.customer_no
        and touched.journey_no = journey.journey_no
        and touched.stage_no = stage.stage_no

)

select
    map_no,
    customer_no,
    journey_no,
    stage_no,
    touched_us is not null as is_touched,
    touched_us,
    min(touched_us) over (
        partition by map_no, customer_no, journey_no
        order by stage_no
        rows between current row and unbounded following
    ) as reached_us,
    min(touched_us) over (
        partition by map_no, customer_no, journey_no
        order by stage_no
        rows between 1 following and unbounded following
    ) as beyond_us
from spread
