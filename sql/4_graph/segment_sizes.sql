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

summed as (

    select
        map_no,
        segment_no,
        value_no,
        sum(journeys) as journeys,
        sum(customers) as customers,
        sum(squared_journeys) as squared_journeys,
        sum(staged_journeys) as staged_journeys,
        sum(staged_customers) as staged_customers,
        sum(squared_staged) as squared_staged
    from outcome_parts
    group by map_no, segment_no, value_no

)

select
    summed.map_no,
    levels.level_no,
    summed.segment_no,
    summed.value_no,
    cast(case levels.level_no when 2 then summed.staged_journeys else summed.journeys end as bigint) as journeys,
    cast(case levels.level_no when 2 then summed.staged_customers else summed.customers end as bigint) as customers,
    cast(case levels.level_no when 2 then summed.squared_staged else summed.squared_journeys end as double)
        as squared_journeys
from summed
cross join levels
where levels.level_no <> 2 or summed.staged_journeys > 0
