-- One row per journey of the map, segments and outcomes that a question names, and group that they make.
--
-- grain:    group_no, map_no, customer_no, journey_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
with

fitting as (

    select
        asked.group_no,
        segment.map_no,
        segment.customer_no,
        segment.journey_no
    from asked_values as asked
    inner join asked_scope as scope on scope.group_no = asked.group_no
    inner join journey_segments as segment
        on segment.map_no = scope.map_no
        and segment.segment_no = asked.segment_no
        and segment.value_no = asked.value_no
    group by asked.group_no, segment.map_no, segment.customer_no, segment.journey_no
    having count(*) = max(scope.segments)

)

select
    scope.group_no,
    fact.map_no,
    fact.customer_no,
    fact.journey_no
from journey_facts as fact
inner join asked_scope as scope on scope.map_no = fact.map_no
left join asked_outcomes as outcome on outcome.group_no = scope.group_no and outcome.status = fact.status
left join fitting
    on fitting.group_no = scope.group_no
    and fitting.map_no = fact.map_no
    and fitting.customer_no = fact.customer_no
    and fitting.journey_no = fact.journey_no
where
    (scope.outcomes = 0 or outcome.status is not null)
    and (scope.segments = 0 or fitting.customer_no is not null)
