-- One row per map, group of journeys, stage and range of customers: what repeated journeys add to the error.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, segment_no, value_no, stage_no
-- columns:
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   stage_no    integer  stage, or 0 for the journey as a whole
--   excess      decimal(38,18)  variance by customer less that by journey
--   repeats     bigint   journeys of the group beyond the first of their customer
--   taken       bigint   repeats that all journeys have, and those that are not of the group do not
with

often as (

    select map_no, stage_no, customer_no, count(*) as journeys
    from progress_watches
    group by map_no, stage_no, customer_no
    having count(*) > 1

),

repeated as (

    select
        watch.map_no,
        watch.stage_no,
        watch.customer_no,
        watch.journey_no,
        watch.counted_us,
        watch.outcome,
        often.journeys as all_journeys
    from progress_watches as watch
    inner join often
        on often.map_no = watch.map_no
        and often.stage_no = watch.stage_no
        and often.customer_no = watch.customer_no

),

grouped as (

    select map_no, 0 as segment_no, 0 as value_no, stage_no, customer_no, counted_us, outcome, all_journeys
    from repeated
    union all
    select
        repeated.map_no,
        own.segment_no,
        own.value_no,
        repeated.stage_no,
        repeated.customer_no,
        repeated.counted_us,
        repeated.outcome,
        repeated.all_journeys
    from repeated
    inner join journey_segments as own
        on own.map_no = repeated.map_no
        and own.customer_no = repeated.customer_no
        and own.journey_no = repeated.journey_no

),

clamped as (

    select
        grouped.map_no,
        grouped.segment_no,
        grouped.value_no,
        grouped.stage_no,
        grouped.customer_no,
        grouped.all_journeys,
        case when grouped.counted_us > map.within_us then 0 else grouped.outcome end as outcome,
        least(grouped.counted_us, map.within_us) as counted_us
    from grouped
    inner join cfg_maps as map on map.map_no = grouped.map_no

),

pulled as (

    select
        clamped.map_no,
        clamped.segment_no,
        clamped.value_no,
        clamped.stage_no,
        clamped.customer_no,
        clamped.all_journeys,
        case clamped.outcome when 1 then pull.progress_pull when 2 then pull.abandon_pull else 0 end
        - pull.watch_pull as pull
    from clamped
    inner join progress_pulls as pull
        on pull.map_no = clamped.map_no
        and pull.segment_no = clamped.segment_no
        and pull.value_no = clamped.value_no
        and pull.stage_no = clamped.stage_no
        and pull.counted_us = clamped.counted_us

),

lived as (

    select
        map_no,
        segment_no,
        value_no,
        stage_no,
        customer_no,
        max(all_journeys) as all_journeys,
        count(*) as journeys,
        cast(sum(cast(pull as decimal(38, 18))) as double) as pull,
        cast(sum(cast(pull * pull as decimal(38, 18))) as double) as squared
    from pulled
    group by map_no, segment_no, value_no, stage_no, customer_no

)

select
    map_no,
    segment_no,
    value_no,
    stage_no,
    sum(cast(pull * pull - squared as decimal(38, 18))) as excess,
    cast(sum(journeys - 1) as bigint) as repeats,
    cast(sum(case when all_journeys > journeys then journeys else journeys - 1 end) as bigint) as taken
from lived
group by map_no, segment_no, value_no, stage_no
