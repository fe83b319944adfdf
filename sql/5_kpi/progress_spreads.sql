-- One row per map, group of journeys and stage at which a customer stood more than once: what that does.
--
-- Two journeys of a customer tell less than those of two customers where they resemble each other. The
-- variance by customer is never taken as smaller than that by journey.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, stage_no
-- columns:
--   map_no         integer  map
--   segment_no     integer  segment; 0: all
--   value_no       integer  value, as in segment_values
--   stage_no       integer  stage, or 0 for the journey as a whole
--   design_effect  double   variance of the rate at T by customer / that by journey, 1 or more
--   repeats        bigint   journeys of the group beyond the first of their customer
--   taken          bigint   repeats that all journeys have, and those that are not of the group do not
with

summed as (

    select
        map_no,
        segment_no,
        value_no,
        stage_no,
        sum(excess) as excess,
        cast(sum(repeats) as bigint) as repeats,
        cast(sum(taken) as bigint) as taken
    from progress_spread_parts
    group by map_no, segment_no, value_no, stage_no

)

select
    summed.map_no,
    summed.segment_no,
    summed.value_no,
    summed.stage_no,
    coalesce(
        round(greatest(1 + cast(summed.excess as double) / nullif(step.progress_se * step.progress_se, 0), 1), 9), 1
    ) as design_effect,
    summed.repeats,
    summed.taken
from summed
inner join cfg_maps as map on map.map_no = summed.map_no
inner join progress_steps as step
    on step.map_no = summed.map_no
    and step.segment_no = summed.segment_no
    and step.value_no = summed.value_no
    and step.stage_no = summed.stage_no
    and step.counted_us = map.within_us
    and not step.is_rest
