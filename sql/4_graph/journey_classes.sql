-- One row per journey: the class of journeys that no view of the report tells apart.
--
-- Journeys of one class have the same outcome and the same shown value in each of the first eight
-- segments. So the steps are read once, by class, however many views there are.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   class_no     bigint   outcome (1 converted, 2 dropped, 3 open) + sum of shown_no * 4 * 16^(segment_no - 1)
--   is_first     boolean  whether it is the customer's first journey of the map; those without a stage come last
with

valued as (

    select
        segment.map_no,
        segment.customer_no,
        segment.journey_no,
        cast(sum(shown.shown_no * cast(4 * power(16, segment.segment_no - 1) as bigint)) as bigint) as values_no
    from journey_segments as segment
    inner join shown_values as shown
        on shown.map_no = segment.map_no
        and shown.segment_no = segment.segment_no
        and shown.value_no = segment.value_no
    where segment.segment_no <= 8
    group by segment.map_no, segment.customer_no, segment.journey_no

)

select
    journey.map_no,
    journey.customer_no,
    journey.journey_no,
    valued.values_no + case journey.status when 'converted' then 1 when 'open' then 3 else 2 end as class_no,
    row_number() over (
        partition by journey.map_no, journey.customer_no
        order by case when journey.staged_steps > 0 then 0 else 1 end, journey.journey_no
    ) = 1 as is_first
from journey_facts as journey
inner join valued
    on valued.map_no = journey.map_no
    and valued.customer_no = journey.customer_no
    and valued.journey_no = journey.journey_no
