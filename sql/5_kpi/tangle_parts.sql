-- One row per move back, segment, population and range of customers: the sums that add up to tangles.
--
-- At the level of touchpoints a move leads from the last step before that had a stage, whatever lay
-- between: so its moves add up to those of the stages.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, segment_no, value_no, population, from_no, to_no
-- columns:
--   map_no            integer  map
--   level_no          integer  1 touchpoint, 2 stage
--   segment_no        integer  segment; 0: all
--   value_no          integer  value, as in segment_values
--   population        varchar  headline, closed or all
--   from_no           integer  touchpoint or stage that is left
--   to_no             integer  touchpoint or earlier stage that is entered
--   moves             bigint   moves
--   back_distance     bigint   stages that they went back
--   journeys          bigint   journeys that make the move at least once
--   customers         bigint   customers who do
--   distance_squared  bigint   sum of the squares of the customers' distances
--   distance_back     bigint   sum of the customers' distances times all their movement back
with

staged as (

    select
        step.map_no,
        step.customer_no,
        step.journey_no,
        step.touchpoint_no,
        lag(step.touchpoint_no) over (
            partition by step.map_no, step.customer_no, step.journey_no
            order by step.step_no
        ) as previous_touchpoint_no,
        step.stage_no,
        step.previous_stage_no,
        journey.standing
    from journey_steps as step
    inner join journey_facts as journey
        on journey.map_no = step.map_no
        and journey.customer_no = step.customer_no
        and journey.journey_no = step.journey_no
    where step.stage_no is not null and journey.back_moves > 0

),

back as (

    select
        map_no,
        customer_no,
        journey_no,
        standing,
        previous_touchpoint_no,
        touchpoint_no,
        previous_stage_no,
        stage_no,
        count(*) as moves,
        sum(previous_stage_no - stage_no) as back_distance
    from staged
    where stage_no < previous_stage_no
    group by
        map_no,
        customer_no,
        journey_no,
        standing,
        previous_touchpoint_no,
        touchpoint_no,
        previous_stage_no,
        stage_no

),

moved as (

    select
        map_no,
        1 as level_no,
        customer_no,
        journey_no,
        standing,
        previous_touchpoint_no as from_no,
        touchpoint_no as to_no,
        moves,
        back_distance
    from back
    union all
    select map_no, 2, customer_no, journey_no, standing, previous_stage_no, stage_no, sum(moves), sum(back_distance)
    from back
    group by map_no, customer_no, journey_no, standing, previous_stage_no, stage_no

),

lived as (

    select
        moved.map_no,
        moved.level_no,
        segment.segment_no,
        segment.value_no,
        moved.customer_no,
        moved.from_no,
        moved.to_no,
        sum(moved.moves) as moves_all,
        sum(moved.back_distance) as back_all,
        count(*) as journeys_all,
        sum(case when moved.standing >= 2 then moved.moves end) as moves_closed,
        sum(case when moved.standing >= 2 then moved.back_distance end) as back_closed,
        count(case when moved.standing >= 2 then 1 end) as journeys_closed,
        sum(case when moved.standing >= 3 then moved.moves end) as moves_headline,
        sum(case when moved.standing >= 3 then moved.back_distance end) as back_headline,
        count(case when moved.standing >= 3 then 1 end) as journeys_headline
    from moved
    inner join segmented_journeys as segment
        on segment.map_no = moved.map_no
        and segment.customer_no = moved.customer_no
        and segment.journey_no = moved.journey_no
    group by
        moved.map_no,
        moved.level_no,
        segment.segment_no,
        segment.value_no,
        moved.customer_no,
        moved.from_no,
        moved.to_no

),

totalled as (

    select
        map_no,
        level_no,
        segment_no,
        value_no,
        customer_no,
        sum(back_all) as back_all,
        sum(back_closed) as back_closed,
        sum(back_headline) as back_headline
    from lived
    group by map_no, level_no, segment_no, value_no, customer_no

),

counted as (

    select
        lived.map_no,
        lived.level_no,
        lived.segment_no,
        lived.value_no,
        lived.from_no,
        lived.to_no,
        sum(lived.moves_all) as moves_all,
        sum(lived.back_all) as back_all,
        sum(lived.journeys_all) as journeys_all,
        count(*) as customers_all,
        sum(lived.back_all * lived.back_all) as squared_all,
        sum(lived.back_all * totalled.back_all) as distance_all,
        sum(lived.moves_closed) as moves_closed,
        sum(lived.back_closed) as back_closed,
        sum(lived.journeys_closed) as journeys_closed,
        count(lived.back_closed) as customers_closed,
        sum(lived.back_closed * lived.back_closed) as squared_closed,
        sum(lived.back_closed * totalled.back_closed) as distance_closed,
        sum(lived.moves_headline) as moves_headline,
        sum(lived.back_headline) as back_headline,
        sum(lived.journeys_headline) as journeys_headline,
        count(lived.back_headline) as customers_headline,
        sum(lived.back_headline * lived.back_headline) as squared_headline,
        sum(lived.back_headline * totalled.back_headline) as distance_headline
    from lived
    inner join totalled
        on totalled.map_no = lived.map_no
        and totalled.level_no = lived.level_no
        and totalled.segment_no = lived.segment_no
        and totalled.value_no = lived.value_no
        and totalled.customer_no = lived.customer_no
    group by lived.map_no, lived.level_no, lived.segment_no, lived.value_no, lived.from_no, lived.to_no

)

select
    map_no,
    level_no,
    segment_no,
    value_no,
    'all' as population,
    from_no,
    to_no,
    cast(moves_all as bigint) as moves,
    cast(back_all as bigint) as back_distance,
    cast(journeys_all as bigint) as journeys,
    customers_all as customers,
    cast(squared_all as bigint) as distance_squared,
    cast(distance_all as bigint) as distance_back
from counted
where customers_all > 0
union all
select
    map_no,
    level_no,
    segment_no,
    value_no,
    'closed' as population,
    from_no,
    to_no,
    cast(moves_closed as bigint) as moves,
    cast(back_closed as bigint) as back_distance,
    cast(journeys_closed as bigint) as journeys,
    customers_closed as customers,
    cast(squared_closed as bigint) as distance_squared,
    cast(distance_closed as bigint) as distance_back
from counted
where customers_closed > 0
union all
select
    map_no,
    level_no,
    segment_no,
    value_no,
    'headline' as population,
    from_no,
    to_no,
    cast(moves_headline as bigint) as moves,
    cast(back_headline as bigint) as back_distance,
    cast(journeys_headline as bigint) as journeys,
    customers_headline as customers,
    cast(squared_headline as bigint) as distance_squared,
    cast(distance_headline as bigint) as distance_back
from counted
where customers_headline > 0
