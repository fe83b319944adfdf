-- One row per funnel: customers who did a later step of it, but never entered it; events that are in no unit.
--
-- They count nowhere in the funnel. Who did the step that it is entered by, but at another time than is asked,
-- is not one of them. Customers first seen at a later step soon after the data begin may have
-- entered before: they are left-truncated.
--
-- grain:    funnel_no
-- columns:
--   funnel_no       integer  funnel
--   outsiders       bigint   customers with a later step, but none that it is entered by
--   left_truncated  bigint   of them, those first seen at a step less than the window after the data begin
--   in_no_session   bigint   events of its steps and exclusions that are in no session, where sessions are counted; else 0
with

first_seen as (

    select
        placed.funnel_no,
        placed.customer_no,
        min(placed.occurred_us) as first_us
    from funnel_places as placed
    inner join asked_funnels as funnel on funnel.funnel_no = placed.funnel_no
    left join funnel_units as unit
        on unit.funnel_no = placed.funnel_no and unit.customer_no = placed.customer_no
    where unit.customer_no is null
    group by placed.funnel_no, placed.customer_no
    having
        count(
            case
                when placed.step_no = 1 or funnel.is_open or (funnel.step_order = 'any' and not funnel.is_anchored)
                    then 1
            end
        ) = 0

),

loose as (

    select
        funnel_no,
        count(distinct event_no) as events
    from funnel_choices
    where unit_no is null
    group by funnel_no

)

select
    funnel.funnel_no,
    count(seen.customer_no) as outsiders,
    count(
        case when funnel.within_us is null or seen.first_us - as_of.first_us < funnel.within_us then seen.customer_no end
    ) as left_truncated,
    coalesce(max(loose.events), 0) as in_no_session
from asked_funnels as funnel
cross join as_of
left join first_seen as seen on seen.funnel_no = funnel.funnel_no
left join loose on loose.funnel_no = funnel.funnel_no
group by funnel.funnel_no
