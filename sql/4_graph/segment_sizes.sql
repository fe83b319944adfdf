-- One row per value of a segment, map and level: how many journeys there are to be counted among.
--
-- grain:    map_no, level_no, segment_no, value_no
-- columns:
--   map_no            integer  map
--   level_no          integer  level; at the level of stages journeys without a stage do not count
--   segment_no        integer  segment; 0: all
--   value_no          integer  value
--   journeys          bigint   journeys
--   customers         bigint   customers who made them
--   squared_journeys  double   sum over customers of their journeys squared
with

owned as (

    select
        segment.map_no,
        levels.level_no,
        segment.segment_no,
        segment.value_no,
        segment.customer_no,
        count(*) as journeys
    from segmented_journeys as segment
    inner join journey_facts as journey
        on journey.map_no = segment.map_no
        and journey.customer_no = segment.customer_no
        and journey.journey_no = segment.journey_no
    cross join levels
    where levels.level_no <> 2 or journey.staged_steps > 0
    group by segment.map_no, levels.level_no, segment.segment_no, segment.value_no, segment.customer_no

)

select
    map_no,
    level_no,
    segment_no,
    value_no,
    cast(sum(journeys) as bigint) as journeys,
    count(*) as customers,
    cast(sum(journeys * journeys) as double) as squared_journeys
from owned
group by map_no, level_no, segment_no, value_no
