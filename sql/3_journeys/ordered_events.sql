-- One row per event of a customer, in the customer's order: time, then sequence, then source, file, row.
--
-- The narrow table that everything below is made of; the view events shows it with names.
--
-- ranges:   customer_no
-- grain:    event_no
-- columns:
--   customer_no             integer  customer
--   position                integer  place among the customer's events, from 1
--   event_no                bigint   number of the record: file_no * 2^40 + row_no
--   occurred_us             bigint   when it happened, UTC microseconds
--   gap_us                  bigint   time since the customer's event before; NULL for the first
--   is_tied                 boolean  whether the customer has another event at the same time
--   session_no              integer  session of the customer, from 1; NULL: a passive event in none
--   split_no                integer  why a session begins here: 1 it is the first, 2 silence, 3 another day,
--                                    4 another campaign, 5 the length of the one before; NULL: none begins
--   touchpoint_no           integer  touchpoint
--   previous_touchpoint_no  integer  touchpoint of the event before; NULL for the first
--   channel_no              integer  channel; 0: none
--   previous_channel_no     integer  channel of the event before; NULL for the first
with

lagged as (

    select
        customer_no,
        event_no,
        occurred_us,
        touchpoint_no,
        channel_no,
        cast(row_number() over lived as integer) as position,
        occurred_us - lag(occurred_us) over lived as gap_us,
        coalesce(
            occurred_us = lag(occurred_us) over lived or occurred_us = lead(occurred_us) over lived,
            false
        ) as is_tied,
        lag(touchpoint_no) over lived as previous_touchpoint_no,
        lag(channel_no) over lived as previous_channel_no
    from owned_events
    window lived as (partition by customer_no order by occurred_us, sequence, event_no)

)

select
    lagged.customer_no,
    lagged.position,
    lagged.event_no,
    lagged.occurred_us,
    lagged.gap_us,
    lagged.is_tied,
    case
        when setting.has_session_rules then place.session_no
        else
            cast(
                1 + sum(case when lagged.gap_us > setting.session_gap_us then 1 else 0 end) over (
                    partition by lagged.customer_no
                    order by lagged.position
                    rows between unbounded preceding and current row
                ) as integer
            )
    end as session_no,
    case
        when setting.has_session_rules then place.split_no
        when lagged.gap_us is null then 1
        when lagged.gap_us > setting.session_gap_us then 2
    end as split_no,
    lagged.touchpoint_no,
    lagged.previous_touchpoint_no,
    lagged.channel_no,
    lagged.previous_channel_no
from lagged
cross join cfg_settings as setting
left join session_places as place on place.customer_no = lagged.customer_no and place.event_no = lagged.event_no
