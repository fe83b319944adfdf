-- One row per touch on the path to a conversion, or of a journey that was dropped.
--
-- A touch is on one path at most: that to the next conversion of the customer, if it lies within the lookback,
-- whatever journey it was a step of; otherwise that of its own journey, if this was dropped.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    customer_no, journey_no, place
-- columns:
--   customer_no       integer        customer
--   journey_no        integer        journey that converts, or was dropped
--   place             integer        place on the path, from 1
--   places            integer        how many touches the path has
--   names             integer        how many different names they have
--   node_no           integer        what is credited
--   previous_no       integer        that of the touch before; NULL for the first
--   is_first_of_name  boolean        whether no touch before has the same name
--   is_named          boolean        whether it is the last touch that is not direct; the last, where all are
--   decayed           double         time_decay: its share, where a touch weighs half as much each half-life before the last
--   is_converted      boolean        whether the path leads to a conversion
--   value             decimal(38,2)  money of the conversion; 0 for a journey that was dropped
with

led as (

    select
        touch.customer_no,
        touch.journey_no,
        touch.step_no,
        touch.occurred_us,
        touch.node_no,
        journey.is_asked and journey.status like 'dropped%' as is_failure,
        case when touch.step_no <= journey.steps_to_goal then touch.journey_no else journey.later_no end as won_no,
        case when touch.step_no <= journey.steps_to_goal then journey.converted_us else journey.later_us end as won_us,
        case when touch.step_no <= journey.steps_to_goal then journey.value else journey.later_value end as value,
        case
            when touch.step_no <= journey.steps_to_goal then journey.is_asked else journey.is_later_asked
        end as is_won_asked
    from attribution_touches as touch
    inner join attribution_journeys as journey
        on journey.customer_no = touch.customer_no and journey.journey_no = touch.journey_no

),

owned as (

    select
        led.customer_no,
        case when led.is_in_time then led.won_no else led.journey_no end as path_no,
        led.journey_no,
        led.step_no,
        led.occurred_us,
        led.node_no,
        led.is_in_time as is_converted,
        case when led.is_in_time then led.value else 0 end as value
    from (
        select
            led.*,
            led.won_no is not null and (
                asked.lookback_us is null or led.occurred_us > led.won_us - asked.lookback_us
            ) as is_in_time
        from led
        cross join asked_attribution as asked
    ) as led
    where case when led.is_in_time then led.is_won_asked else led.is_failure end

),

walked as (

    select
        owned.customer_no,
        owned.path_no,
        owned.node_no,
        owned.is_converted,
        owned.value,
        owned.journey_no,
        owned.step_no,
        known.is_direct,
        pow(
            2.0,
            (owned.occurred_us - max(owned.occurred_us) over (partition by owned.customer_no, owned.path_no))
            / cast(asked.half_life_us as double)
        ) as recency,
        lag(owned.node_no) over (
            partition by owned.customer_no, owned.path_no
            order by owned.journey_no, owned.step_no
        ) as previous_no,
        row_number() over (
            partition by owned.customer_no, owned.path_no, owned.node_no
            order by owned.journey_no, owned.step_no
        ) as nth,
        asked.repeats
    from owned
    inner join attribution_names as known on known.node_no = owned.node_no
    cross join asked_attribution as asked

),

kept as (

    select
        customer_no,
        path_no,
        node_no,
        is_converted,
        value,
        is_direct,
        nth = 1 as is_first_of_name,
        row_number() over path as place,
        lag(node_no) over path as previous_no,
        count(*) over whole as places,
        count(case when nth = 1 then 1 end) over whole as names,
        count(case when not is_direct then 1 end) over path as named_so_far,
        count(case when not is_direct then 1 end) over whole as named,
        recency / sum(recency) over whole as decayed
    from walked
    where
        repeats = 'keep'
        or (repeats = 'merge' and node_no is distinct from previous_no)
        or (repeats = 'first' and nth = 1)
    window
        path as (
            partition by customer_no, path_no
            order by journey_no, step_no
            rows between unbounded preceding and current row
        ),
        whole as (
            partition by customer_no, path_no
            order by journey_no, step_no
            rows between unbounded preceding and unbounded following
        )

)

select
    customer_no,
    path_no as journey_no,
    cast(place as integer) as place,
    cast(places as integer) as places,
    cast(names as integer) as names,
    node_no,
    previous_no,
    is_first_of_name,
    case when named = 0 then place = places else not is_direct and named_so_far = named end as is_named,
    decayed,
    is_converted,
    cast(value as decimal(38, 2)) as value
from kept
