-- One row per journey that is compared, and group that it is in.
--
-- Only journeys that have a stage, as in all rates.
--
-- grain:    group_no, map_no, customer_no, journey_no
-- columns:
--   group_no       integer  group
--   map_no         integer  map
--   customer_no    integer  customer
--   journey_no     integer  journey
--   started_us     bigint   first step, UTC microseconds
--   until_us       bigint   the horizon T after it: figures read no later step
--   goal_us        bigint   first step that reaches the goal; NULL: none does
--   is_followed    boolean  whether the journey began T or longer before the as-of moment
--   is_seen_whole  boolean  whether its beginning was seen for sure
select
    scoped.group_no,
    scoped.map_no,
    scoped.customer_no,
    scoped.journey_no,
    fact.started_us,
    fact.started_us + asked.within_us as until_us,
    fact.goal_us,
    as_of.as_of_us - fact.started_us >= asked.within_us as is_followed,
    fact.truncated_by is null as is_seen_whole
from scoped_journeys as scoped
inner join journey_facts as fact
    on fact.map_no = scoped.map_no
    and fact.customer_no = scoped.customer_no
    and fact.journey_no = scoped.journey_no
cross join asked_comparison as asked
cross join as_of
where
    fact.staged_steps > 0
    and (asked.has_warm_up or fact.truncated_by is distinct from 'window')
