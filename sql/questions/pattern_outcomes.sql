-- One row per group and answer: the journeys that a path pattern matches, and those that it does not.
--
-- grain:    group_no, is_match
-- columns:
--   group_no    integer  group
--   is_match    boolean  whether the pattern matches
--   journeys    bigint   journeys
--   customers   bigint   customers who made them
--   matches     bigint   matches in them
--   converted   bigint   of the journeys, those that converted
--   late        bigint   of these, those whose first match ends at the goal or after it
--   dropped     bigint   of the journeys, those that dropped, in silence or explicitly
--   open        bigint   of the journeys, those whose outcome is open
--   known       bigint   of the journeys, those whose outcome is not open
--   squares     double   sum over customers of the square of their journeys that converted
--   products    double   sum over customers of these times those whose outcome is not open
--   bases       double   sum over customers of the square of the latter
--   median_us   double   median time from the first to the last step of the first match, microseconds
with

answered as (

    select
        scoped.group_no,
        scoped.customer_no,
        found.matches is not null as is_match,
        coalesce(found.matches, 0) as matches,
        journey.status,
        coalesce(found.last_step >= journey.steps_to_goal, false) as is_late,
        found.last_us - found.first_us as duration_us
    from scoped_journeys as scoped
    inner join journey_facts as journey
        on journey.map_no = scoped.map_no
        and journey.customer_no = scoped.customer_no
        and journey.journey_no = scoped.journey_no
    left join pattern_matches as found
        on found.group_no = scoped.group_no
        and found.map_no = scoped.map_no
        and found.customer_no = scoped.customer_no
        and found.journey_no = scoped.journey_no

),

lived as (

    select
        group_no,
        is_match,
        count(case when status = 'converted' then 1 end) as converted,
        count(case when status <> 'open' then 1 end) as known
    from answered
    group by group_no, is_match, customer_no

),

spread as (

    select
        group_no,
        is_match,
        cast(sum(converted * converted) as double) as squares,
        cast(sum(converted * known) as double) as products,
        cast(sum(known * known) as double) as bases
    from lived
    group by group_no, is_match

)

select
    answered.group_no,
    answered.is_match,
    count(*) as journeys,
    count(distinct customer_no) as customers,
    cast(sum(matches) as bigint) as matches,
    count(case when status = 'converted' then 1 end) as converted,
    count(case when is_late then 1 end) as late,
    count(case when status in ('dropped_silent', 'dropped_explicit') then 1 end) as dropped,
    count(case when status = 'open' then 1 end) as open,
    count(case when status <> 'open' then 1 end) as known,
    min(spread.squares) as squares,
    min(spread.products) as products,
    min(spread.bases) as bases,
    median(cast(duration_us as double)) as median_us
from answered
inner join spread on spread.group_no = answered.group_no and spread.is_match = answered.is_match
group by answered.group_no, answered.is_match
