-- One row per touchpoint and length of stay: how many stays were seen to end so, and how many were not.
--
-- A stay lasts from an event to the next one of the session. The last event of a session is watched for
-- the session gap, or until the as-of moment, and no end is seen. Where the export says how long an event
-- took, that is its stay instead. Lengths are whole seconds.
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
        event.occurred_us,
        event.gap_us,
        event.gap_us <= setting.session_gap_us as is_same_session,
        event.touchpoint_no,
        event.previous_touchpoint_no
    from ordered_events as event
    cross join cfg_settings as setting
    cross join as_of
    where event.occurred_us <= as_of.as_of_us

),

timed as (

    select
        event.customer_no,
        event.position,
        event.occurred_us,
        event.touchpoint_no,
        detail.duration_s
    from event_details as detail
    inner join ordered_events as event on event.event_no = detail.event_no
    cross join as_of
    where detail.duration_s is not null and detail.duration_s >= 0 and event.occurred_us <= as_of.as_of_us

),

told as (

    select
        timed.touchpoint_no,
        timed.duration_s,
        case when following.is_same_session then following.gap_us end as gap_us,
        coalesce(following.is_same_session, false) as is_same_session,
        least(setting.session_gap_us, as_of.as_of_us - timed.occurred_us) as watched_us
    from timed
    left join seen as following
        on following.customer_no = timed.customer_no and following.position = timed.position + 1
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
    where session.ended_us <= as_of.as_of_us
    group by
        session.last_touchpoint_no,
        cast(floor(least(setting.session_gap_us, as_of.as_of_us - session.ended_us) / 1000000.0) as bigint)
    union all
    select
        touchpoint_no,
        cast(floor(coalesce(gap_us, watched_us) / 1000000.0) as bigint),
        case when is_same_session then -1 else 0 end,
        case when is_same_session then 0 else -1 end,
        0
    from told
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
