-- One row per unit of a funnel that is broken down, with its value.
--
-- A segment's value is that of the journey in which the funnel was entered; a property's that of the
-- event which is the step asked for.
--
-- needs:    asked_funnel_breakdowns
-- grain:    funnel_no, customer_no, unit_no
-- columns:
--   funnel_no    integer  funnel
--   customer_no  integer  customer
--   unit_no      integer  unit
--   value        varchar  its value; (none) without one, (not reached) where it never was at the step
with

entered as (

    select funnel_no, customer_no, unit_no, min(step_no) as step_no
    from funnel_reached
    where from_step = 0
    group by funnel_no, customer_no, unit_no

),

chosen as (

    select
        unit.funnel_no,
        unit.customer_no,
        unit.unit_no,
        asked.map_no,
        asked.segment_no,
        asked.property_no,
        reached.event_no
    from funnel_units as unit
    inner join asked_funnel_breakdowns as asked on asked.funnel_no = unit.funnel_no
    left join entered
        on entered.funnel_no = unit.funnel_no
        and entered.customer_no = unit.customer_no
        and entered.unit_no = unit.unit_no
    left join funnel_reached as reached
        on reached.funnel_no = unit.funnel_no
        and reached.customer_no = unit.customer_no
        and reached.unit_no = unit.unit_no
        and (
            (asked.step_no > 0 and reached.step_no = asked.step_no)
            or (asked.step_no = 0 and reached.step_no = unit.step_no)
            or (asked.step_no = -1 and reached.from_step = 0 and reached.step_no = entered.step_no)
        )

)

select
    chosen.funnel_no,
    chosen.customer_no,
    chosen.unit_no,
    case
        when chosen.event_no is null then '(not reached)'
        when chosen.segment_no is null then
            case
                when told.value in ('(none)', '(other)', '(not reached)') then told.value || ' [value]'
                else coalesce(nullif(told.value, ''), '(none)')
            end
        else coalesce(segment.value, '(none)')
    end as value
from chosen
left join event_values as told
    on chosen.segment_no is null and told.property_no = chosen.property_no and told.event_no = chosen.event_no
left join journey_steps as step
    on chosen.segment_no is not null
    and step.map_no = chosen.map_no
    and step.customer_no = chosen.customer_no
    and step.event_no = chosen.event_no
left join journey_segments as own
    on own.map_no = step.map_no
    and own.customer_no = step.customer_no
    and own.journey_no = step.journey_no
    and own.segment_no = chosen.segment_no
left join segment_values as segment
    on segment.segment_no = own.segment_no and segment.value_no = own.value_no
