-- One row per map and value of a segment: the name under which the report shows it.
--
-- Of a segment the twelve most frequent values are shown, of periods the latest twelve; the others are
-- (other). So are values of fewer customers than privacy_k allows, and then as many more, the rarest
-- first, as it takes that the rest cannot be found by subtraction.
--
-- grain:    map_no, segment_no, value_no
-- columns:
--   map_no      integer  map
--   segment_no  integer  segment; 0: all
--   value_no    integer  value, as in segment_values
--   shown_no    integer  number of the value that is shown, from 1; 0 is all, or (other)
--   segment     varchar  name of the segment
--   shown       varchar  value that is shown
--   is_partial  boolean  whether it is a period in which the data begin or end
--   values      bigint   values that it stands for; more than one for (other)
with

ranked as (

    select
        size.map_no,
        size.segment_no,
        size.value_no,
        size.customers,
        value.segment,
        value.value,
        value.is_partial,
        value.values,
        size.customers < setting.privacy_k as is_small,
        setting.privacy_k,
        row_number() over (
            partition by size.map_no, size.segment_no
            order by
                case when size.segment_no = 1 then size.value_no else size.journeys end desc,
                size.value_no
        ) > 12 or (size.segment_no > 0 and size.value_no = 0) as is_crowded
    from segment_sizes as size
    inner join segment_values as value on value.segment_no = size.segment_no and value.value_no = size.value_no
    cross join cfg_settings as setting
    where size.level_no = 1

),

ordered as (

    select
        map_no,
        segment_no,
        value_no,
        segment,
        value,
        is_partial,
        values,
        privacy_k,
        is_small or is_crowded as is_folded,
        count(case when is_small then 1 end) over (partition by map_no, segment_no) as small,
        row_number() over (
            partition by map_no, segment_no
            order by case when is_small or is_crowded then 0 else 1 end, customers, value_no
        ) as place
    from ranked

),

-- Of how many customers the values that are too rare are: who has two of them is one. Any other value is of
-- enough, so that one more is all that it can take.
counted as (

    select own.map_no, own.segment_no, count(distinct own.customer_no) as customers
    from journey_segments as own
    inner join ranked
        on ranked.map_no = own.map_no
        and ranked.segment_no = own.segment_no
        and ranked.value_no = own.value_no
        and ranked.is_small
    group by own.map_no, own.segment_no

),

settled as (

    select
        ordered.map_no,
        ordered.segment_no,
        ordered.value_no,
        ordered.segment,
        ordered.value,
        ordered.is_partial,
        ordered.values,
        ordered.segment_no > 0
        and (
            ordered.is_folded
            or (ordered.small > 0 and ordered.place = ordered.small + 1 and counted.customers < ordered.privacy_k)
        ) as is_folded
    from ordered
    left join counted on counted.map_no = ordered.map_no and counted.segment_no = ordered.segment_no

)

select
    map_no,
    segment_no,
    value_no,
    cast(
        case
            when is_folded or segment_no = 0 then 0
            else row_number() over (partition by map_no, segment_no, is_folded order by value_no)
        end as integer
    ) as shown_no,
    segment,
    case when is_folded then '(other)' else value end as shown,
    is_partial and not is_folded as is_partial,
    cast(case when is_folded then sum(values) over (partition by map_no, segment_no, is_folded) else values end as bigint) as values
from settled
order by map_no, segment_no, value_no
