-- One row per step or exclusion and event, up to the as-of moment, that its selectors choose.
--
-- kind:     working
-- grain:    item_no, event_no
-- columns:
--   item_no        integer  step or exclusion
--   customer_no    integer  customer
--   position       integer  place among the customer's events, from 1
--   event_no       bigint   the event
--   occurred_us    bigint   when it happened, UTC microseconds
--   is_tied        boolean  whether the customer has another event at the same time
--   session_no     integer  session of the customer
with

looked_at as (

    select
        chosen.item_no,
        chosen.selector_no,
        chosen.rest,
        event.event_no
    from ordered_events as event
    inner join funnel_touchpoints as chosen on chosen.touchpoint_no = event.touchpoint_no
    where chosen.rest > 0

),

met as (

    select
        looked_at.item_no,
        looked_at.selector_no,
        looked_at.event_no
    from looked_at
    inner join asked_conditions as condition
        on condition.item_no = looked_at.item_no and condition.selector_no = looked_at.selector_no
    inner join asked_properties as property
        on property.property_no = condition.property_no
        and (property.column_name not in ('touchpoint', 'stage') or property.json_path is not null)
    left join event_values as told
        on told.event_no = looked_at.event_no and told.property_no = condition.property_no
    where
        case condition.comparison
            when 'like' then coalesce(told.value, '') like condition.like_pattern escape '\'
            when 'unlike' then not coalesce(told.value, '') like condition.like_pattern escape '\'
            when '<' then try_cast(told.value as double) < condition.number
            when '<=' then try_cast(told.value as double) <= condition.number
            when '>' then try_cast(told.value as double) > condition.number
            when '>=' then try_cast(told.value as double) >= condition.number
        end
    group by looked_at.item_no, looked_at.selector_no, looked_at.event_no
    having count(distinct condition.condition_no) = max(looked_at.rest)

),

chosen as (

    select distinct item_no, event_no
    from met

)

select
    chosen.item_no,
    event.customer_no,
    event.position,
    event.event_no,
    event.occurred_us,
    event.is_tied,
    event.session_no
from ordered_events as event
inner join funnel_touchpoints as chosen on chosen.touchpoint_no = event.touchpoint_no and chosen.rest = 0
cross join as_of
where event.occurred_us <= as_of.as_of_us
union all
select
    chosen.item_no,
    event.customer_no,
    event.position,
    event.event_no,
    event.occurred_us,
    event.is_tied,
    event.session_no
from ordered_events as event
inner join chosen on chosen.event_no = event.event_no
cross join as_of
where event.occurred_us <= as_of.as_of_us
