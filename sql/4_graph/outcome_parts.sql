-- One row per map, group of journeys and range of customers: how they end, in counts that add up.
--
-- A group is a value of a segment, or segment 0: all journeys.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, segment_no, value_no
-- columns:
--   map_no            integer  map
--   segment_no        integer  segment; 0: all
--   value_no          integer  value, as in segment_values
--   customers         bigint   customers who made them
--   journeys          bigint   journeys
--   squared_journeys  bigint   sum over customers of their journeys squared
--   staged_customers  bigint   customers who made journeys with at least one stage
--   staged_journeys   bigint   these journeys
--   squared_staged    bigint   sum over customers of these journeys squared
--   converted         bigint   of the staged ones, those that reached the goal
--   dropped_explicit  bigint   of the staged ones, those that ended at an abandon touchpoint
--   dropped_silent    bigint   of the staged ones, those that fell silent
--   open              bigint   of the staged ones, those that may still go on
--   left_truncated    bigint   of the staged ones, those whose beginning may lie before the data
--   steps             bigint   steps
--   staged_steps      bigint   of them, those with a stage
with

lived as (

    select
        fact.map_no,
        own.segment_no,
        own.value_no,
        fact.customer_no,
        count(*) as journeys,
        count(case when fact.staged_steps > 0 then 1 end) as staged_journeys,
        count(case when fact.staged_steps > 0 and fact.status = 'converted' then 1 end) as converted,
        count(case when fact.staged_steps > 0 and fact.status = 'dropped_explicit' then 1 end) as dropped_explicit,
        count(case when fact.staged_steps > 0 and fact.status = 'dropped_silent' then 1 end) as dropped_silent,
        count(case when fact.staged_steps > 0 and fact.status = 'open' then 1 end) as open,
        count(case when fact.staged_steps > 0 and fact.truncated_by is not null then 1 end) as left_truncated,
        sum(fact.steps) as steps,
        sum(fact.staged_steps) as staged_steps
    from journey_facts as fact
    inner join segmented_journeys as own
        on own.map_no = fact.map_no and own.customer_no = fact.customer_no and own.journey_no = fact.journey_no
    group by fact.map_no, own.segment_no, own.value_no, fact.customer_no

)

select
    map_no,
    segment_no,
    value_no,
    count(*) as customers,
    cast(sum(journeys) as bigint) as journeys,
    cast(sum(journeys * journeys) as bigint) as squared_journeys,
    count(case when staged_journeys > 0 then 1 end) as staged_customers,
    cast(sum(staged_journeys) as bigint) as staged_journeys,
    cast(sum(staged_journeys * staged_journeys) as bigint) as squared_staged,
    cast(sum(converted) as bigint) as converted,
    cast(sum(dropped_explicit) as bigint) as dropped_explicit,
    cast(sum(dropped_silent) as bigint) as dropped_silent,
    cast(sum(open) as bigint) as open,
    cast(sum(left_truncated) as bigint) as left_truncated,
    cast(sum(steps) as bigint) as steps,
    cast(sum(staged_steps) as bigint) as staged_steps
from lived
group by map_no, segment_no, value_no
