-- One row per dimension and value: how many events and customers have it.
--
-- kind:     working
-- grain:    dimension, value
-- columns:
--   dimension       varchar  channel or device
--   value           varchar  value; NULL: events without one
--   events          bigint   events with it
--   customers       bigint   customers with at least one of them
--   all_events      bigint   events with any value
--   all_customers   bigint   customers with any value
--   many_customers  bigint   of them, those with two values or more
with

told as (

    select
        'channel' as dimension,
        counted.customer_no,
        case when counted.channel_no > 0 then channel.channel end as value,
        counted.events
    from customer_channels as counted
    inner join channels as channel on channel.channel_no = counted.channel_no
    union all
    select 'device', event.customer_no, detail.device, count(*)
    from event_details as detail
    inner join ordered_events as event on event.event_no = detail.event_no
    where detail.device is not null and event.occurred_us <= (select as_of_us from as_of)
    group by event.customer_no, detail.device

),

lived as (

    select dimension, customer_no, count(value) as met, sum(case when value is not null then events end) as events
    from told
    group by dimension, customer_no

),

whole as (

    select
        dimension,
        sum(events) as events,
        count(case when met > 0 then 1 end) as customers,
        count(case when met > 1 then 1 end) as many_customers
    from lived
    group by dimension

),

summed as (

    select dimension, value, sum(events) as events, count(*) as customers
    from told
    group by dimension, value

)

select
    summed.dimension,
    summed.value,
    cast(summed.events as bigint) as events,
    summed.customers,
    cast(coalesce(whole.events, 0) as bigint) as all_events,
    whole.customers as all_customers,
    whole.many_customers
from summed
inner join whole on whole.dimension = summed.dimension
