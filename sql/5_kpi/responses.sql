-- One row per answer that carries a score, and kind of score.
--
-- nps 0 to 10, csat 1 to 5 and ces 1 to 7 are whole numbers; emotion is -2 to 2, sentiment -1 to 1. Any
-- other score is invalid: it is counted and not used. The kind is the one that [kpi] declares for the
-- touchpoint, else that of score_type.
--
-- grain:    event_no, score_type
-- columns:
--   event_no              bigint   the event
--   score_type            varchar  nps, csat, ces, emotion, sentiment or other
--   customer_no           integer  customer; NULL: unidentified
--   position              integer  place among the customer's events
--   occurred_us           bigint   when it was given, UTC microseconds
--   period_no             integer  reporting period
--   touchpoint_no         integer  where
--   score                 double   score
--   is_valid              boolean  whether it is on the scale of its kind
--   points                double   what it adds to the figure: nps 100, 0 or -100; csat 1 for 4 and 5; ces 1 for 5 to
--                                  7; otherwise the score
--   is_counted            boolean  whether it is the one answer of the customer that counts: the first or the latest
--   is_counted_in_period  boolean  whether it is the one that counts in its reporting period
with

roled as (

    select touchpoint_no, min(role) as score_type
    from kpi_roles
    where role in ('nps', 'csat', 'ces', 'emotion')
    group by touchpoint_no

),

told as (

    select
        event.event_no,
        coalesce(
            roled.score_type,
            case
                when event.score_type like '%nps%' or event.score_type like '%promoter%' then 'nps'
                when event.score_type like '%csat%' or event.score_type like '%satisf%' then 'csat'
                when event.score_type = 'ces' or event.score_type like 'ces%score' or event.score_type like '%effort%'
                    then 'ces'
                when event.score_type like '%emotion%' or event.score_type like '%mood%' then 'emotion'
                when event.score_type like '%sentiment%' then 'sentiment'
                else 'other'
            end
        ) as score_type,
        event.customer_no,
        event.position,
        event.occurred_us,
        event.sequence,
        event.period_no,
        event.touchpoint_no,
        event.score
    from kpi_events as event
    left join roled on roled.touchpoint_no = event.touchpoint_no
    where event.score is not null
    union all
    select
        event_no,
        'sentiment',
        customer_no,
        position,
        occurred_us,
        sequence,
        period_no,
        touchpoint_no,
        sentiment
    from kpi_events
    where sentiment is not null and (score is null or score_type not like '%sentiment%' or score_type is null)

),

valued as (

    select
        event_no,
        score_type,
        customer_no,
        position,
        occurred_us,
        sequence,
        period_no,
        touchpoint_no,
        score,
        case score_type
            when 'nps' then score between 0 and 10 and score = floor(score)
            when 'csat' then score between 1 and 5 and score = floor(score)
            when 'ces' then score between 1 and 7 and score = floor(score)
            when 'emotion' then score between -2 and 2
            when 'sentiment' then score between -1 and 1
            else false
        end as is_valid,
        coalesce(cast(customer_no as bigint), -event_no) as respondent_no
    from told

),

ranked as (

    select
        event_no,
        score_type,
        customer_no,
        position,
        occurred_us,
        period_no,
        touchpoint_no,
        score,
        is_valid,
        row_number() over (
            partition by score_type, is_valid, respondent_no
            order by occurred_us, sequence, score, event_no
        ) as early_place,
        row_number() over (
            partition by score_type, is_valid, respondent_no
            order by occurred_us desc, sequence desc, score desc, event_no desc
        ) as late_place,
        row_number() over (
            partition by score_type, is_valid, respondent_no, period_no
            order by occurred_us, sequence, score, event_no
        ) as early_in_period,
        row_number() over (
            partition by score_type, is_valid, respondent_no, period_no
            order by occurred_us desc, sequence desc, score desc, event_no desc
        ) as late_in_period
    from valued

)

select
    ranked.event_no,
    ranked.score_type,
    ranked.customer_no,
    ranked.position,
    ranked.occurred_us,
    ranked.period_no,
    ranked.touchpoint_no,
    ranked.score,
    ranked.is_valid,
    case
        when not ranked.is_valid then null
        when ranked.score_type = 'nps'
            then case when ranked.score >= 9 then 100.0 when ranked.score <= 6 then -100.0 else 0.0 end
        when ranked.score_type = 'csat' then case when ranked.score >= 4 then 1.0 else 0.0 end
        when ranked.score_type = 'ces' then case when ranked.score >= 5 then 1.0 else 0.0 end
        else ranked.score
    end as points,
    ranked.is_valid
    and case when kpi.response = 'first' then ranked.early_place else ranked.late_place end = 1 as is_counted,
    ranked.is_valid
    and case when kpi.response = 'first' then ranked.early_in_period else ranked.late_in_period end = 1
        as is_counted_in_period
from ranked
cross join cfg_kpi as kpi
