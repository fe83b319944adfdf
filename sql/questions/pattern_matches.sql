-- One row per journey that the path pattern which is asked about matches: when, where, and how it ended.
--
-- grain:    group_no, map_no, customer_no, journey_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   matches      bigint   how many matches, none of which overlap
--   first_step   integer  first step of the first match
--   last_step    integer  last step of the first match
--   first_us     bigint   when the first match begins, UTC microseconds
--   last_us      bigint   when it ends, UTC microseconds
--   status       varchar  outcome of the journey
select
    span.group_no,
    span.map_no,
    span.customer_no,
    span.journey_no,
    span.matches,
    span.first_step,
    span.last_step,
    min(case when step.step_no = span.first_step then step.occurred_us end) as first_us,
    min(case when step.step_no = span.last_step then step.occurred_us end) as last_us,
    journey.status
from pattern_spans as span
inner join scoped_journeys as scoped
    on scoped.group_no = span.group_no
    and scoped.map_no = span.map_no
    and scoped.customer_no = span.customer_no
    and scoped.journey_no = span.journey_no
inner join journey_facts as journey
    on journey.map_no = span.map_no
    and journey.customer_no = span.customer_no
    and journey.journey_no = span.journey_no
inner join journey_steps as step
    on step.map_no = span.map_no
    and step.customer_no = span.customer_no
    and step.journey_no = span.journey_no
    and (step.step_no = span.first_step or step.step_no = span.last_step)
where span.pattern_no = 0
group by
    span.group_no,
    span.map_no,
    span.customer_no,
    span.journey_no,
    span.matches,
    span.first_step,
    span.last_step,
    journey.status
