-- One row per journey and segment: the group that the journey is in.
--
-- grain:    map_no, customer_no, journey_no, segment_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   segment_no   integer  segment, from 1
--   value_no     integer  value, as in segment_values
with

told as (

    select map_no, customer_no, journey_no, 1 as segment_no, value
    from journey_periods
    union all
    select
        journey.map_no,
        journey.customer_no,
        journey.journey_no,
        segment.segment_no,
        coalesce(
            case when attribute.value in ('(none)', '(other)') then attribute.value || ' [value]' else attribute.value end,
            '(none)'
        )
    from journey_facts as journey
    cross join cfg_segments as segment
    left join journey_attributes as attribute
        on attribute.map_no = journey.map_no
        and attribute.customer_no = journey.customer_no
        and attribute.journey_no = journey.journey_no
        and attribute.segment_no = segment.segment_no

)

select
    told.map_no,
    told.customer_no,
    told.journey_no,
    told.segment_no,
    coalesce(named.value_no, 0) as value_no
from told
left join segment_values as named
    on named.segment_no = told.segment_no and named.value = told.value and named.value_no > 0
