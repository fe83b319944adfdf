-- One row per step and touchpoint that comes next for units which get no further than the step.
--
-- Virtual: -2 (exit): nothing came, -3 (open): nothing came yet.
--
-- grain:    funnel_no, step_no, to_no
-- columns:
--   funnel_no  integer  funnel
--   step_no    integer  furthest step of the units
--   to_no      integer  touchpoint of their next event, or a virtual number
--   units      bigint   units
--   customers  bigint   customers
with

left_at as (

    select
        unit.funnel_no,
        unit.customer_no,
        unit.unit_no,
        unit.step_no,
        unit.status,
        unit.position,
        funnel.unit
    from funnel_units as unit
    inner join asked_funnels as funnel on funnel.funnel_no = unit.funnel_no
    where unit.step_no > 0 and unit.status <> 'converted'

),

followed as (

    select
        left_at.funnel_no,
        left_at.customer_no,
        left_at.step_no,
        case
            when later.touchpoint_no is not null then later.touchpoint_no
            when left_at.status = 'open' then -3
            else -2
        end as to_no
    from left_at
    cross join as_of
    left join ordered_events as later
        on later.customer_no = left_at.customer_no
        and later.position = left_at.position + 1
        and later.occurred_us <= as_of.as_of_us
        and (left_at.unit <> 'session' or later.session_no = left_at.unit_no)

)

select
    funnel_no,
    step_no,
    cast(to_no as integer) as to_no,
    count(*) as units,
    count(distinct customer_no) as customers
from followed
group by funnel_no, step_no, to_no
