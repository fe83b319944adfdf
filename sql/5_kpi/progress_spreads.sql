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
with

often as (

    select map_no, stage_no, customer_no
    from progress_watches
    group by map_no, stage_no, customer_no
    having count(*) > 1

),

repeated as (

    select watch.map_no, watch.stage_no, watch.customer_no, watch.journey_no, watch.counted_us, watch.outcome
    from progress_watches as watch
    inner join often
        on often.map_no = watch.map_no
        and often.stage_no = watch.stage_no
        and often.customer_no = watch.customer_no

),

grouped as (

    select map_no, 0 as segment_no, 0 as value_no, stage_no, customer_no, counted_us, outcome
    from repeated
    union all
    select
        repeated.map_no,
        own.segment_no,
        own.value_no,
        repeated.stage_no,
        repeated.customer_no,
        repeated.counted_us,
        repeated.outcome
    from repeated
    inner join journey_segments as own
        on own.map_no = repeated.map_no
        and own.customer_no = repeated.customer_no
        and own.journey_no = repeated.journey_no

),

pulled as (

    select
        grouped.map_no,
        grouped.segment_no,
        grouped.value_no,
        grouped.stage_no,
        grouped.customer_no,
        case
            when grouped.counted_us > map.within_us then 0
            when grouped.outcome = 1 then pull.progress_pull
            when grouped.outcome = 2 then pull.abandon_pull
            else 0
        end - pull.watch_pull as pull
    from grouped
    inner join cfg_maps as map on map.map_no = grouped.map_no
    inner join progress_pulls as pull
        on pull.map_no = grouped.map_no
        and pull.segment_no = grouped.segment_no
        and pull.value_no = grouped.value_no
        and pull.stage_no = grouped.stage_no
        and pull.counted_us = least(grouped.counted_us, map.within_us)

),

lived as (

    select
        map_no,
        segment_no,
        value_no,
        stage_no,
        customer_no,
        round(sum(pull) * sum(pull) - sum(pull * pull), 18) as excess
    from pulled
    group by map_no, segment_no, value_no, stage_no, customer_no

),

summed as (

    select map_no, segment_no, value_no, stage_no, sum(cast(excess as decimal(38, 18))) as excess
    from lived
    group by map_no, segment_no, value_no, stage_no

)

select
    summed.map_no,
    summed.segment_no,
    summed.value_no,
    summed.stage_no,
    round(greatest(1 + cast(summed.excess as double) / (step.progress_se * step.progress_se), 1), 9) as design_effect
from summed
inner join cfg_maps as map on map.map_no = summed.map_no
inner join progress_steps as step
    on step.map_no = summed.map_no
    and step.segment_no = summed.segment_no
    and step.value_no = summed.value_no
    and step.stage_no = summed.stage_no
    and step.counted_us = map.within_us
    and not step.is_rest
where step.progress_se > 0
