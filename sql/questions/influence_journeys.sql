-- One row per journey whose touches are compared: those that were seen from their beginning.
--
-- What a customer did before the data began is not known, so journeys that may have begun before are left out.
-- Journeys without a stage are in: whether one comes is not known at a touch.
--
-- grain:    customer_no, journey_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   started_us   bigint   first step, UTC microseconds
--   goal_us      bigint   first step that reaches the goal; NULL: none does
--   goal_step    integer  place of that step; NULL: none does
--   is_closed    boolean  whether it is over
--   is_later     boolean  whether the customer has made another journey before
--   values_no    bigint   sum of value_no * weight over the segments that are told apart
with

valued as (

    select
        segment.map_no,
        segment.customer_no,
        segment.journey_no,
        cast(sum(segment.value_no * asked.weight) as bigint) as values_no
    from journey_segments as segment
    inner join asked_influence_segments as asked on asked.segment_no = segment.segment_no
    group by segment.map_no, segment.customer_no, segment.journey_no

)

select
    fact.map_no,
    fact.customer_no,
    fact.journey_no,
    fact.started_us,
    fact.goal_us,
    fact.steps_to_goal as goal_step,
    fact.is_closed,
    fact.journey_no > 1 as is_later,
    coalesce(valued.values_no, 0) as values_no
from scoped_journeys as scoped
inner join journey_facts as fact
    on fact.map_no = scoped.map_no
    and fact.customer_no = scoped.customer_no
    and fact.journey_no = scoped.journey_no
left join valued
    on valued.map_no = fact.map_no
    and valued.customer_no = fact.customer_no
    and valued.journey_no = fact.journey_no
where fact.truncated_by is distinct from 'window'
