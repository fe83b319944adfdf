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
--   dropped     bigint   of the journeys, those that dropped, in silence or explicitly
--   open        bigint   of the journeys, those whose outcome is open
--   median_us   double   median time from the first to the last step of the first match, microseconds
with

answered as (

    select
        scoped.group_no,
        scoped.customer_no,
        found.matches is not null as is_match,
        coalesce(found.matches, 0) as matches,
        journey.status,
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

)

select
    group_no,
    is_match,
    count(*) as journeys,
    count(distinct customer_no) as customers,
    cast(sum(matches) as bigint) as matches,
    count(case when status = 'converted' then 1 end) as converted,
    count(case when status in ('dropped_silent', 'dropped_explicit') then 1 end) as dropped,
    count(case when status = 'open' then 1 end) as open,
    median(cast(duration_us as double)) as median_us
from answered
group by group_no, is_match
