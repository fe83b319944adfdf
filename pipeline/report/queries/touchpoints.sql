-- One row per touchpoint, the most frequent first; those beyond forty are folded into one row.
with

ranked as (

    select
        touchpoint,
        stage,
        is_mapped,
        events,
        customers,
        row_number() over (order by events desc, touchpoint) <= 40 as is_shown,
        row_number() over (order by events desc, touchpoint) as place
    from touchpoints

),

named as (

    select
        case when is_shown then touchpoint else '(other)' end as touchpoint,
        case when is_shown then stage end as stage,
        case when is_shown then is_mapped end as is_mapped,
        events,
        case when is_shown then customers end as customers,
        least(place, 41) as place
    from ranked

)

select
    touchpoint,
    stage,
    is_mapped,
    cast(sum(events) as bigint) as events,
    max(customers) as customers,
    count(*) as touchpoints
from named
group by place, touchpoint, stage, is_mapped
order by place
