-- One row per journey that a question is about, and group that it is in: it matches all patterns that are named.
--
-- grain:    group_no, map_no, customer_no, journey_no
-- columns:
--   group_no     integer  group
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
with

matching as (

    select group_no, map_no, customer_no, journey_no, count(*) as patterns
    from pattern_spans
    where pattern_no > 0
    group by group_no, map_no, customer_no, journey_no

)

select
    chosen.group_no,
    chosen.map_no,
    chosen.customer_no,
    chosen.journey_no
from chosen_journeys as chosen
inner join asked_scope as scope on scope.group_no = chosen.group_no
left join matching
    on matching.group_no = chosen.group_no
    and matching.map_no = chosen.map_no
    and matching.customer_no = chosen.customer_no
    and matching.journey_no = chosen.journey_no
where coalesce(matching.patterns, 0) = scope.patterns
