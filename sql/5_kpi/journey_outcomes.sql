-- One row per map and group of journeys: how they end.
--
-- A group is a value of a segment, or segment 0: all journeys.
--
-- grain:    map_no, segment_no, value_no
-- columns:
--   map_no                integer  map
--   segment_no            integer  segment; 0: all
--   value_no              integer  value, as in segment_values
--   customers             bigint   customers who made them
--   journeys              bigint   journeys
--   staged_journeys       bigint   of them, those with at least one stage: what rates are read from
--   converted             bigint   of the staged ones, those that reached the goal
--   dropped_explicit      bigint   of the staged ones, those that ended at an abandon touchpoint
--   dropped_silent        bigint   of the staged ones, those that fell silent
--   open                  bigint   of the staged ones, those that may still go on
--   left_truncated        bigint   of the staged ones, those whose beginning may lie before the data
--   median_steps_to_goal  double   median steps of the journeys that converted
--   steps                 bigint   steps
--   staged_steps          bigint   of them, those with a stage
with

won as (

    select
        fact.map_no,
        own.segment_no,
        own.value_no,
        median(cast(fact.steps_to_goal as double)) as median_steps_to_goal
    from journey_facts as fact
    inner join segmented_journeys as own
        on own.map_no = fact.map_no and own.customer_no = fact.customer_no and own.journey_no = fact.journey_no
    where fact.status = 'converted' and fact.staged_steps > 0
    group by fact.map_no, own.segment_no, own.value_no

),

summed as (

    select
        map_no,
        segment_no,
        value_no,
        cast(sum(customers) as bigint) as customers,
        cast(sum(journeys) as bigint) as journeys,
        cast(sum(staged_journeys) as bigint) as staged_journeys,
        cast(sum(converted) as bigint) as converted,
        cast(sum(dropped_explicit) as bigint) as dropped_explicit,
        cast(sum(dropped_silent) as bigint) as dropped_silent,
        cast(sum(open) as bigint) as open,
        cast(sum(left_truncated) as bigint) as left_truncated,
        cast(sum(steps) as bigint) as steps,
        cast(sum(staged_steps) as bigint) as staged_steps
    from outcome_parts
    group by map_no, segment_no, value_no

)

select
    summed.map_no,
    summed.segment_no,
    summed.value_no,
    summed.customers,
    summed.journeys,
    summed.staged_journeys,
    summed.converted,
    summed.dropped_explicit,
    summed.dropped_silent,
    summed.open,
    summed.left_truncated,
    won.median_steps_to_goal,
    summed.steps,
    summed.staged_steps
from summed
left join won
    on won.map_no = summed.map_no and won.segment_no = summed.segment_no and won.value_no = summed.value_no
