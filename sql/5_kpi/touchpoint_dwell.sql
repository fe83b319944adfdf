-- One row per touchpoint: how long customers stay there before the next event of the session.
--
-- How long the last event of a session takes is not seen; it is watched for the session gap. The median is
-- Kaplan-Meier's, so that these count; left out, or taken as 0, they would bend it.
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no     integer  number by name, from 1
--   touchpoint        varchar  name
--   stays             bigint   events of customers until the as-of moment; of passive ones, those whose length the
--                              export says
--   ended             bigint   of them, those whose end was seen
--   told              bigint   of these, those whose length the export says
--   median_s          bigint   seconds by which half have gone on; NULL: fewer than half do while watched
--   naive_median_s    bigint   the same of those whose end was seen alone
--   seen_s            bigint   sum of the seconds that were seen
--   sessions          bigint   sessions with at least one; a stay that is in no session is one by itself
--   seen_per_session  double   seen_s / sessions
with

followed as (

    select
        touchpoint_no,
        stay_s,
        ended,
        unseen,
        told,
        sum(ended) over earlier as ended_by_now,
        sum(ended) over (partition by touchpoint_no) as all_ended,
        sum(ended + unseen) over (
            partition by touchpoint_no
            order by stay_s desc
            rows between unbounded preceding and current row
        ) as at_risk
    from dwell_counts
    window earlier as (
        partition by touchpoint_no
        order by stay_s
        rows between unbounded preceding and current row
    )

),

survived as (

    select
        touchpoint_no,
        stay_s,
        ended,
        unseen,
        told,
        ended_by_now,
        all_ended,
        case
            when min(at_risk - ended) over earlier = 0 then 0
            else exp(sum(case when at_risk > ended then ln((at_risk - ended) / cast(at_risk as double)) else 0 end) over earlier)
        end as staying
    from followed
    window earlier as (
        partition by touchpoint_no
        order by stay_s
        rows between unbounded preceding and current row
    )

),

estimated as (

    select
        touchpoint_no,
        cast(sum(ended + unseen) as bigint) as stays,
        cast(sum(ended) as bigint) as ended,
        cast(sum(told) as bigint) as told,
        min(case when staying <= 0.5 + 0.000000000001 then stay_s end) as median_s,
        min(case when ended_by_now * 2 >= all_ended and all_ended > 0 then stay_s end) as naive_median_s,
        cast(sum(stay_s * ended) as bigint) as seen_s
    from survived
    group by touchpoint_no

),

-- Passive events whose length the export says.
told as (

    select distinct
        event.touchpoint_no,
        event.customer_no,
        event.session_no,
        case when event.session_no is null then event.event_no end as own_no
    from event_details as detail
    inner join ordered_events as event on event.event_no = detail.event_no
    inner join passive_touchpoints as passive on passive.touchpoint_no = event.touchpoint_no
    cross join as_of
    where detail.duration_s between 0 and 1e12 and event.occurred_us <= as_of.as_of_us

),

met as (

    select touchpoint_no, cast(sum(sessions) as bigint) as sessions
    from touchpoint_sessions
    where touchpoint_no not in (select touchpoint_no from passive_touchpoints)
    group by touchpoint_no
    union all
    select touchpoint_no, count(*)
    from told
    group by touchpoint_no

)

select
    estimated.touchpoint_no,
    named.touchpoint,
    estimated.stays,
    estimated.ended,
    estimated.told,
    estimated.median_s,
    estimated.naive_median_s,
    estimated.seen_s,
    met.sessions,
    estimated.seen_s / cast(met.sessions as double) as seen_per_session
from estimated
inner join touchpoint_names as named on named.touchpoint_no = estimated.touchpoint_no
inner join met on met.touchpoint_no = estimated.touchpoint_no
order by estimated.touchpoint_no
