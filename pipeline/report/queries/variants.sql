-- One row per path and view: the fifteen most common of the view, from the hundred most common of the
-- map; all others are (other).
with

ranked as (

    select
        told.map_name,
        told.level,
        told.segment,
        told.value,
        told.among,
        told.variant_no,
        told.path,
        told.journeys,
        told.of_journeys,
        told.customers,
        told.of_customers,
        told.converted,
        example.example_no,
        whole.median_days,
        row_number() over (
            partition by told.map_name, told.level, told.segment, told.value, told.among
            order by case when told.variant_no > 0 then 0 else 1 end, told.journeys desc, told.variant_no
        ) <= 15 and told.variant_no > 0 as is_listed
    from segment_variants as told
    inner join cfg_maps as map on map.map_name = told.map_name
    left join example_journeys as example
        on example.map_no = map.map_no
        and example.customer_no = cast(floor(told.example / 4294967296) as integer)
        and example.journey_no = cast(told.example % 4294967296 as integer)
    left join variants as whole
        on whole.map_name = told.map_name
        and whole.level = told.level
        and whole.variant_no = told.variant_no

),

listed as (

    select
        map_name,
        level,
        segment,
        value,
        among,
        is_listed,
        case when is_listed then variant_no else 0 end as variant_no,
        case when is_listed then path else '(other)' end as path,
        sum(journeys) as journeys,
        max(of_journeys) as of_journeys,
        sum(customers) as customers,
        max(of_customers) as of_customers,
        sum(converted) as converted,
        max(case when is_listed then median_days end) as median_days,
        max(case when is_listed then example_no end) as example_no
    from ranked
    group by all

)

select
    map_name,
    level,
    segment,
    value,
    among,
    path,
    cast(journeys as bigint) as journeys,
    of_journeys,
    sum(journeys) over (
        partition by map_name, level, segment, value, among
        order by is_listed desc, journeys desc, variant_no
        rows between unbounded preceding and current row
    ) / of_journeys as coverage,
    cast(customers as bigint) as customers,
    of_customers,
    cast(converted as bigint) as converted,
    median_days,
    example_no
from listed
order by map_name, level, segment, value, among, is_listed desc, journeys desc, variant_no
