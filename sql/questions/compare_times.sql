-- One row per journey that is compared and stage at which it stood as its frontier, as in progress_times.
--
-- grain:    group_no, customer_no, journey_no, stage_no
-- columns:
--   group_no     integer  group
--   customer_no  integer  customer
--   journey_no   integer  journey
--   stage_no     integer  stage, or 0 for the journey as a whole
--   duration_us  bigint   time to the end of the watch, the horizon T and 1 at the most
--   outcome      integer  1 went beyond, 2 ended explicitly, 0 neither, within T
--   is_followed  boolean  whether the stage was reached T or longer before the as-of moment
with

watched as (

    select
        journey.group_no,
        journey.customer_no,
        journey.journey_no,
        timed.stage_no,
        timed.duration_us,
        timed.outcome,
        asked.within_us,
        as_of.as_of_us - timed.reached_us as watch_us
    from compare_journeys as journey
    inner join progress_times as timed
        on timed.map_no = journey.map_no
        and timed.customer_no = journey.customer_no
        and timed.journey_no = journey.journey_no
    cross join asked_comparison as asked
    cross join as_of

)

select
    group_no,
    customer_no,
    journey_no,
    stage_no,
    least(duration_us, within_us + 1) as duration_us,
    case when duration_us <= within_us then outcome else 0 end as outcome,
    watch_us >= within_us as is_followed
from watched
