-- One row per loop, segment and range of customers: the counts that add up to loop_counts.
--
-- Loops that are not listed are folded into number 0 of their length.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, level_no, segment_no, value_no, moves, loop_no
-- columns:
--   map_no             integer  map
--   level_no           integer  1 touchpoint, 2 stage
--   segment_no         integer  segment; 0: all
--   value_no           integer  value
--   moves              integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no            integer  rank of the loop; 0: all that are not listed
--   returns            bigint   returns
--   runs               bigint   walks round the cycle without a break
--   journeys           bigint   journeys with at least one
--   open_journeys      bigint   of them, those whose outcome is open
--   converted          bigint   of them, those that converted
--   customers          bigint   customers with at least one
--   squared_returns    double   sum over customers of their returns squared
--   returns_journeys   double   sum over customers of their returns times their journeys
with

folded as (

    select
        walked.map_no,
        walked.level_no,
        walked.customer_no,
        walked.journey_no,
        walked.moves,
        coalesce(listed.loop_no, 0) as loop_no,
        sum(walked.returns) as returns,
        sum(walked.runs) as runs
    from journey_loops as walked
    left join listed_loops as listed
        on listed.map_no = walked.map_no
        and listed.level_no = walked.level_no
        and listed.moves = walked.moves
        and listed.node_1 = walked.node_1
        and listed.node_2 = walked.node_2
        and listed.node_3 = walked.node_3
        and listed.node_4 = walked.node_4
    group by walked.map_no, walked.level_no, walked.customer_no, walked.journey_no, walked.moves, listed.loop_no

),

lived as (

    select
        folded.map_no,
        folded.level_no,
        segment.segment_no,
        segment.value_no,
        folded.customer_no,
        folded.moves,
        folded.loop_no,
        sum(folded.returns) as returns,
        sum(folded.runs) as runs,
        count(*) as journeys,
        count(case when journey.status = 'open' then 1 end) as open_journeys,
        count(case when journey.status = 'converted' then 1 end) as converted
    from folded
    inner join journey_facts as journey
        on journey.map_no = folded.map_no
        and journey.customer_no = folded.customer_no
        and journey.journey_no = folded.journey_no
    inner join segmented_journeys as segment
        on segment.map_no = folded.map_no
        and segment.customer_no = folded.customer_no
        and segment.journey_no = folded.journey_no
    group by
        folded.map_no, folded.level_no, segment.segment_no, segment.value_no,
        folded.customer_no, folded.moves, folded.loop_no

),

owned as (

    select
        segment.map_no,
        segment.segment_no,
        segment.value_no,
        segment.customer_no,
        count(*) as journeys,
        count(case when journey.staged_steps > 0 then 1 end) as staged_journeys
    from segmented_journeys as segment
    inner join journey_facts as journey
        on journey.map_no = segment.map_no
        and journey.customer_no = segment.customer_no
        and journey.journey_no = segment.journey_no
    group by segment.map_no, segment.segment_no, segment.value_no, segment.customer_no

)

select
    lived.map_no,
    lived.level_no,
    lived.segment_no,
    lived.value_no,
    lived.moves,
    lived.loop_no,
    cast(sum(lived.returns) as bigint) as returns,
    cast(sum(lived.runs) as bigint) as runs,
    cast(sum(lived.journeys) as bigint) as journeys,
    cast(sum(lived.open_journeys) as bigint) as open_journeys,
    cast(sum(lived.converted) as bigint) as converted,
    count(*) as customers,
    cast(sum(lived.returns * lived.returns) as double) as squared_returns,
    cast(
        sum(lived.returns * case lived.level_no when 1 then owned.journeys else owned.staged_journeys end) as double
    ) as returns_journeys
from lived
inner join owned
    on owned.map_no = lived.map_no
    and owned.segment_no = lived.segment_no
    and owned.value_no = lived.value_no
    and owned.customer_no = lived.customer_no
group by lived.map_no, lived.level_no, lived.segment_no, lived.value_no, lived.moves, lived.loop_no
