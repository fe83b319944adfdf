-- One row per event of a customer, where more than the gap tells sessions apart: the session that it is in.
--
-- Empty where [session] sets nothing but the gap: then ordered_events needs no other events to say it.
-- A silence is the time since the last event that holds a session. A passive event is in the session that
-- goes on when it happens, and in none where none does. Where several things would end a session at once,
-- the first of them is its cause, in the order of their numbers.
--
-- ranges:   customer_no
-- grain:    event_no
-- columns:
--   customer_no    integer  customer
--   event_no       bigint   the event
--   occurred_us    bigint   when it happened, UTC microseconds
--   touchpoint_no  integer  touchpoint
--   is_passive     boolean  whether it holds no session
--   session_no     integer  session of the customer, from 1; NULL: it is in none
--   split_no       integer  why a session begins here, as in ordered_events; NULL: none does
--   next_us        bigint   next event of the customer that is not passive
--   next_split_no  integer  why a session begins there; NULL: it is in the same session, or there is none
with

-- Read only where days split: as many rows as quarters of an hour have an event.
days as (

    select
        met.quarter_hour,
        cast(timezone(met.zone, timezone('UTC', make_timestamp(met.quarter_hour * 900000000))) as date) as local_day
    from (
        select distinct cast(floor(event.occurred_us / 900000000) as bigint) as quarter_hour, setting.timezone as zone
        from owned_events as event
        cross join cfg_settings as setting
        where setting.splits_days
    ) as met

),

marked as (

    select
        event.customer_no,
        event.event_no,
        event.occurred_us,
        event.touchpoint_no,
        passive.touchpoint_no is not null as is_passive,
        days.local_day,
        case when passive.touchpoint_no is null then carried.campaign end as campaign,
        setting.session_gap_us,
        setting.longest_session_us,
        row_number() over (
            partition by event.customer_no
            order by event.occurred_us, event.sequence, event.event_no
        ) as position
    from owned_events as event
    cross join cfg_settings as setting
    left join passive_touchpoints as passive on passive.touchpoint_no = event.touchpoint_no
    left join days on days.quarter_hour = cast(floor(event.occurred_us / 900000000) as bigint)
    left join session_campaigns as carried
        on carried.customer_no = event.customer_no and carried.event_no = event.event_no
    where setting.has_session_rules

),

held as (

    select
        *,
        max(case when not is_passive then occurred_us end) over earlier as held_us,
        last_value(case when not is_passive then local_day end ignore nulls) over earlier as held_day
    from marked
    window earlier as (
        partition by customer_no
        order by position
        rows between unbounded preceding and 1 preceding
    )

),

-- By silence and by day: a block. What it begins with has no campaign before it.
silent as (

    select
        *,
        case
            when held_us is null then 1
            when occurred_us - held_us > session_gap_us then 2
            when local_day <> held_day then 3
        end as block_split_no
    from held

),

blocked as (

    select
        *,
        count(block_split_no) over (
            partition by customer_no
            order by position
            rows between unbounded preceding and current row
        ) as block_no
    from silent

),

-- By campaign: a run of a block.
met as (

    select
        *,
        case
            when block_split_no is not null then block_split_no
            when campaign <> coalesce(
                last_value(campaign ignore nulls) over (
                    partition by customer_no, block_no
                    order by position
                    rows between unbounded preceding and 1 preceding
                ),
                ''
            ) then 4
        end as run_split_no
    from blocked

),

ran as (

    select
        *,
        count(run_split_no) over (
            partition by customer_no
            order by position
            rows between unbounded preceding and current row
        ) as run_no
    from met

),

-- By length: a piece of a run.
lasting as (

    select
        *,
        coalesce(
            greatest(
                ceil(
                    (
                        occurred_us - min(case when not is_passive then occurred_us end) over (
                            partition by customer_no, run_no
                        )
                    ) / longest_session_us
                ),
                1
            ),
            1
        ) as piece_no
    from ran

),

split as (

    select
        customer_no,
        event_no,
        occurred_us,
        touchpoint_no,
        is_passive,
        position,
        case
            when run_split_no is not null then run_split_no
            when piece_no > max(case when not is_passive then piece_no end) over (
                partition by customer_no, run_no
                order by position
                rows between unbounded preceding and 1 preceding
            ) then 5
        end as split_no
    from lasting

)

select
    customer_no,
    event_no,
    occurred_us,
    touchpoint_no,
    is_passive,
    case
        when not is_passive or split_no is null
            then cast(
                count(case when not is_passive then split_no end) over (
                    partition by customer_no
                    order by position
                    rows between unbounded preceding and current row
                ) as integer
            )
    end as session_no,
    case when not is_passive then split_no end as split_no,
    case
        when not is_passive then lead(occurred_us) over (partition by customer_no, is_passive order by position)
    end as next_us,
    case
        when not is_passive then lead(split_no) over (partition by customer_no, is_passive order by position)
    end as next_split_no
from split
