-- One row per journey whose events carry money: their sum, whatever the currency.
--
-- What [kpi] calls refunds is taken off. Where records of an order id repeat it ([kpi] order_rows), its
-- first money counts: that of a touchpoint that counts as an order, where one is declared. Money below 0,
-- and that of events without an order id, counts as it is.
--
-- grain:    map_no, customer_no, journey_no
-- columns:
--   map_no       integer        map
--   customer_no  integer        customer
--   journey_no   integer        journey
--   value        decimal(38,2)  money of its events
with

declared as (

    select
        named.touchpoint_no,
        bool_or(role.role = 'refunds') as is_refund,
        bool_or(role.role = 'orders') as is_order
    from cfg_kpi_roles as role
    inner join touchpoint_names as named
        on role.target = case role.target_kind when 'stage' then named.stage else named.touchpoint end
    where role.role in ('refunds', 'orders')
    group by named.touchpoint_no

),

carried as (

    select
        event.event_no,
        event.occurred_us,
        event.sequence,
        detail.order_id,
        detail.value,
        coalesce(declared.is_refund, false) as is_refund,
        coalesce(declared.is_order, false) as is_order,
        detail.order_id is not null
        and detail.value >= 0
        and not coalesce(declared.is_refund, false)
        and kpi.order_rows <> 'line' as may_repeat
    from event_details as detail
    inner join clean_events as event on event.event_no = detail.event_no
    inner join event_signatures as signature on signature.signature_key = event.signature_key
    left join declared on declared.touchpoint_no = signature.touchpoint_no
    cross join cfg_kpi as kpi
    cross join as_of
    where detail.value is not null and event.occurred_us <= as_of.as_of_us

),

counted as (

    select
        event_no,
        case
            when is_refund then -abs(value)
            when
                may_repeat
                and row_number() over (
                    partition by order_id, may_repeat
                    order by case when is_order then 0 else 1 end, occurred_us, sequence, value, event_no
                ) > 1 then 0
            else value
        end as value
    from carried

)

select
    step.map_no,
    step.customer_no,
    step.journey_no,
    cast(sum(counted.value) as decimal(38, 2)) as value
from counted
inner join journey_steps as step on step.event_no = counted.event_no
group by step.map_no, step.customer_no, step.journey_no
