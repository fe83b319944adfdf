-- One row per value of a segment: the groups by which figures are broken down.
--
-- Segment all has one value and every journey. Segment period is when a journey began. The others are
-- declared in the project file; their rarest values are folded into (other).
--
-- grain:    segment_no, value_no
-- columns:
--   segment_no  integer  number: 0 all, 1 period, then the declared ones
--   value_no    integer  number: by time for periods, else by frequency, from 1; 0 is all, or (other)
--   segment     varchar  name
--   value       varchar  value; (none) where a journey has none, (other) for the rarest
--   is_partial  boolean  whether it is a period in which the data begin or end
--   journeys    bigint   journeys of all maps
--   values      bigint   values that it stands for; more than one for (other)
with

met as (

    select 1 as segment_no, value, count(*) as journeys
    from journey_periods
    group by value
    union all
    select
        segment.segment_no,
        coalesce(
            case when attribute.value in ('(none)', '(other)') then attribute.value || ' [value]' else attribute.value end,
            '(none)'
        ),
        count(*)
    from journey_facts as journey
    cross join cfg_segments as segment
    left join journey_attributes as attribute
        on attribute.map_no = journey.map_no
        and attribute.customer_no = journey.customer_no
        and attribute.journey_no = journey.journey_no
        and attribute.segment_no = segment.segment_no
    group by all

),

ranked as (

    select
        segment_no,
        value,
        journeys,
        row_number() over (partition by segment_no order by case when segment_no > 1 then journeys else 0 end desc, value) as place
    from met

),

kept as (

    select
        ranked.segment_no,
        case when segment.most_values < ranked.place then 0 else ranked.place end as value_no,
        case when segment.most_values < ranked.place then '(other)' else ranked.value end as value,
        ranked.journeys
    from ranked
    left join cfg_segments as segment on segment.segment_no = ranked.segment_no
    union all
    select 0, 0, 'all', journeys.journeys
    from (select count(*) as journeys from journey_facts) as journeys

)

select
    kept.segment_no,
    cast(kept.value_no as integer) as value_no,
    case kept.segment_no when 0 then 'all' when 1 then 'period' else max(segment.segment) end as segment,
    kept.value,
    coalesce(bool_or(period.is_partial), false) as is_partial,
    cast(sum(kept.journeys) as bigint) as journeys,
    count(*) as values
from kept
left join cfg_segments as segment on segment.segment_no = kept.segment_no
left join local_periods as period on kept.segment_no = 1 and period.period = kept.value
group by kept.segment_no, kept.value_no, kept.value
order by kept.segment_no, kept.value_no
