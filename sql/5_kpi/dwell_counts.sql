-- One row per touchpoint and length of stay: how many stays were seen to end so, and how many were not.
--
-- A stay lasts from an event to the next one of the session. The last event of a session is watched for
-- the session gap, or until the as-of moment or the next session, and no end is seen. Where the export says
-- how long an event took, that is its stay instead, up to 10^12 seconds. Passive events are no stay, unless
-- it does, and end none. Lengths are whole seconds.
--
-- kind:     working
-- grain:    touchpoint_no, stay_s
-- columns:
--   touchpoint_no  integer  touchpoint
--   stay_s         bigint   seconds
--   ended          bigint   stays that ended then
--   unseen         bigint   stays whose end was not seen, watched so long
--   told           bigint   of those that ended, those whose length the export says
with

seen as (

    select
        event.customer_no,
        event.position,
        event.gap_us,
        event.session_no is not null and event.split_no is null as is_same_session,
        event.previous_touchpoint_no
    from ordered_events as event
    cross join as_of
    cross join cfg_settings as setting
    where event.occurred_us <= as_of.as_of_us and not setting.has_session_rules

),

-- Where more than the gap tells sessions apart: every event that is not passive, and how it goes on.
placed as (

    select
        place.event_no,
        place.touchpoint_no,
        case
            when place.next_us <= as_of.as_of_us and place.next_split_no is null then place.next_us - place.occurred_us
        end as gap_us,
        least(
            setting.session_gap_us,
            as_of.as_of_us - place.occurred_us,
            coalesce(place.next_us - place.occurred_us, setting.session_gap_us)
        ) as watched_us
    from session_places as place
    cross join as_of
    cross join cfg_settings as setting
    where place.occurred_us <= as_of.as_of_us and not place.is_passive

),

timed as (

    select
        event.event_no,
        event.customer_no,
        event.position,
        event.occurred_us,
        event.touchpoint_no,
        detail.duration_s
    from event_details as detail
    inner join ordered_events as event on event.event_no = detail.event_no
    cross join as_of
    where detail.duration_s between 0 and 1e12 and event.occurred_us <= as_of.as_of_us

),

told as (

    select
        timed.touchpoint_no,
        timed.duration_s,
        case when following.is_same_session then following.gap_us else placed.gap_us end as gap_us,
        coalesce(following.is_same_session, placed.gap_us is not null) as is_same_session,
        coalesce(
            placed.watched_us,
            case
                when not setting.has_session_rules
                    then least(setting.session_gap_us, as_of.as_of_us - timed.occurred_us)
            end
        ) as watched_us
    from timed
    left join seen as following
        on following.customer_no = timed.customer_no and following.position = timed.position + 1
    left join placed on placed.event_no = timed.event_no
    cross join cfg_settings as setting
    cross join as_of

),

stays as (

    select
        previous_touchpoint_no as touchpoint_no,
        cast(floor(gap_us / 1000000.0) as bigint) as stay_s,
        count(*) as ended,
        0 as unseen,
        0 as told
    from seen
    where is_same_session
    group by previous_touchpoint_no, cast(floor(gap_us / 1000000.0) as bigint)
    union all
    select
        session.last_touchpoint_no,
        cast(floor(least(setting.session_gap_us, as_of.as_of_us - session.ended_us) / 1000000.0) as bigint),
        0,
        count(*),
        0
    from session_sums as session
    cross join cfg_settings as setting
    cross join as_of
    where session.ended_us <= as_of.as_of_us and not setting.has_session_rules
    group by
        session.last_touchpoint_no,
        cast(floor(least(setting.session_gap_us, as_of.as_of_us - session.ended_us) / 1000000.0) as bigint)
    union all
    select
        event.previous_touchpoint_no,
        cast(floor((as_of.as_of_us - event.occurred_us + event.gap_us) / 1000000.0) as bigint),
        0,
        count(*),
        0
    from ordered_events as event
    cross join cfg_settings as setting
    cross join as_of
    where
        event.occurred_us > as_of.as_of_us
        and event.occurred_us - event.gap_us <= as_of.as_of_us
        and event.split_no is null
        and not setting.has_session_rules
    group by
        event.previous_touchpoint_no,
        cast(floor((as_of.as_of_us - event.occurred_us + event.gap_us) / 1000000.0) as bigint)
    union all
    select
        touchpoint_no,
        cast(floor(coalesce(gap_us, watched_us) / 1000000.0) as bigint),
        count(gap_us),
        count(*) - count(gap_us),
        0
    from placed
    group by touchpoint_no, cast(floor(coalesce(gap_us, watched_us) / 1000000.0) as bigint)
    union all
    select
        touchpoint_no,
        cast(floor(coalesce(gap_us, watched_us) / 1000000.0) as bigint),
        case when is_same_session then -1 else 0 end,
        case when is_same_session then 0 else -1 end,
        0
    from told
    where watched_us is not null
    union all
    select touchpoint_no, cast(floor(duration_s) as bigint), 1, 0, 1
    from told

)

select
    touchpoint_no,
    stay_s,
    cast(sum(ended) as bigint) as ended,
    cast(sum(unseen) as bigint) as unseen,
    cast(sum(told) as bigint) as told
from stays
group by touchpoint_no, stay_s
having sum(ended) > 0 or sum(unseen) > 0
