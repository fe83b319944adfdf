-- One row per converted journey that the squiggle is drawn from.
--
-- All are of those that changed stage: who is at the goal with the first contact draws no line. Typical:
-- the one nearest to their medians of contacts, of turns back and of time to goal. One in ten: the nearest
-- to their ninetieth percentiles of contacts and of turns back, where they are ten or more. Crowd: up to
-- seventy others, spread evenly over the order of their pseudonyms. Every line is a real journey; nothing
-- is averaged.
--
-- grain:    map_no, customer_no, journey_no, role
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   role         varchar  typical, one_in_ten or crowd
with

walked as (

    select
        journey.map_no,
        journey.customer_no,
        journey.journey_no,
        customer.customer_id,
        journey.steps_to_goal as contacts,
        journey.back_moves,
        ln(1 + (journey.goal_us - journey.started_us) / 1000000.0) as long
    from journey_facts as journey
    inner join numbered_customers as customer on customer.customer_no = journey.customer_no
    where journey.status = 'converted' and journey.moves > 0

),

middling as (

    select
        map_no,
        median(cast(contacts as double)) as contacts,
        median(cast(back_moves as double)) as back_moves,
        median(long) as long,
        round(quantile_cont(cast(contacts as double), 0.9), 6) as many_contacts,
        round(quantile_cont(cast(back_moves as double), 0.9), 6) as many_back_moves
    from walked
    group by map_no

),

measured as (

    select
        walked.map_no,
        walked.customer_no,
        walked.journey_no,
        walked.customer_id,
        round(
            abs(ln(walked.contacts) - ln(middling.contacts)) * 4
            + abs(walked.back_moves - middling.back_moves)
            + abs(walked.long - middling.long) / 4,
            9
        ) as off_typical,
        round(
            abs(ln(walked.contacts) - ln(middling.many_contacts)) * 4
            + abs(walked.back_moves - middling.many_back_moves),
            9
        ) as off_winding
    from walked
    inner join middling on middling.map_no = walked.map_no

),

nearest as (

    select map_no, count(*) as journeys, min(off_typical) as off_typical, min(off_winding) as off_winding
    from measured
    group by map_no

),

chosen as (

    select
        'typical' as role,
        measured.map_no,
        measured.customer_no,
        measured.journey_no,
        row_number() over (
            partition by measured.map_no order by measured.customer_id, measured.journey_no
        ) as place
    from measured
    inner join nearest on nearest.map_no = measured.map_no and nearest.off_typical = measured.off_typical
    union all
    select
        'one_in_ten',
        measured.map_no,
        measured.customer_no,
        measured.journey_no,
        row_number() over (partition by measured.map_no order by measured.customer_id, measured.journey_no)
    from measured
    inner join nearest on nearest.map_no = measured.map_no and nearest.off_winding = measured.off_winding
    where nearest.journeys >= 10

),

lined as (

    select
        map_no,
        customer_no,
        journey_no,
        row_number() over (partition by map_no order by customer_id, journey_no) as crowd_no,
        count(*) over (partition by map_no) as journeys
    from walked

)

select map_no, customer_no, journey_no, role
from chosen
where place = 1
union all
select lined.map_no, lined.customer_no, lined.journey_no, 'crowd'
from lined
left join chosen
    on chosen.map_no = lined.map_no
    and chosen.customer_no = lined.customer_no
    and chosen.journey_no = lined.journey_no
    and chosen.place = 1
where
    chosen.map_no is null
    and (
        lined.journeys <= 72
        or floor(lined.crowd_no * 70.0 / lined.journeys) > floor((lined.crowd_no - 1) * 70.0 / lined.journeys)
    )
