-- One row per journey that is compared, began T or longer before the as-of moment, and was seen to begin:
-- how straight it was in the time T after its beginning.
--
-- grain:    group_no, map_no, customer_no, journey_no
-- columns:
--   group_no         integer  group
--   map_no           integer  map
--   customer_no      integer  customer
--   journey_no       integer  journey
--   total_variation  bigint   stage movement: sum of the distances between neighbouring stages
--   progress         bigint   furthest stage less first stage
with

walked as (

    select
        journey.group_no,
        journey.map_no,
        journey.customer_no,
        journey.journey_no,
        visit.visit_no,
        visit.stage_no,
        lag(visit.stage_no) over (
            partition by journey.group_no, journey.map_no, journey.customer_no, journey.journey_no
            order by visit.visit_no
        ) as previous_stage_no
    from compare_journeys as journey
    inner join stage_visits as visit
        on visit.map_no = journey.map_no
        and visit.customer_no = journey.customer_no
        and visit.journey_no = journey.journey_no
        and visit.entered_us <= journey.until_us
    where journey.is_followed and journey.is_seen_whole

)

select
    group_no,
    map_no,
    customer_no,
    journey_no,
    cast(coalesce(sum(abs(stage_no - previous_stage_no)), 0) as bigint) as total_variation,
    cast(max(stage_no) - max(case when visit_no = 1 then stage_no end) as bigint) as progress
from walked
group by group_no, map_no, customer_no, journey_no
