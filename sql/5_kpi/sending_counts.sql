-- One row per kind of score and reporting period, and per kind: survey sendings and those that were answered.
--
-- kind:     working
-- grain:    score_type, level, place_no
-- columns:
--   score_type  varchar  kind of score that the sending asks for
--   level       varchar  all or period
--   place_no    integer  period; 0 for all
--   sends       bigint   sendings to known customers, old enough to have been answered
--   answered    bigint   of them, those that were
with

asking as (

    select
        touchpoint_no,
        case role
            when 'nps_sends' then 'nps'
            when 'csat_sends' then 'csat'
            when 'ces_sends' then 'ces'
            when 'emotion_sends' then 'emotion'
        end as score_type
    from kpi_roles
    where role in ('nps_sends', 'csat_sends', 'ces_sends', 'emotion_sends')

),

sent as (

    select
        asking.score_type,
        event.event_no,
        event.customer_no,
        event.occurred_us,
        event.period_no,
        least(
            event.occurred_us + kpi.answer_within_us,
            coalesce(
                lead(event.occurred_us) over (
                    partition by asking.score_type, event.customer_no
                    order by event.occurred_us, event.event_no
                ) - 1,
                event.occurred_us + kpi.answer_within_us
            )
        ) as until_us,
        event.occurred_us + kpi.answer_within_us <= as_of.as_of_us as is_mature
    from kpi_events as event
    inner join asking on asking.touchpoint_no = event.touchpoint_no
    cross join cfg_kpi as kpi
    cross join as_of
    where event.customer_no is not null

),

answered as (

    select distinct sent.score_type, sent.event_no
    from sent
    inner join responses as response
        on response.score_type = sent.score_type
        and response.customer_no = sent.customer_no
        and response.occurred_us between sent.occurred_us and sent.until_us

)

select
    sent.score_type,
    level.level,
    case level.level when 'period' then sent.period_no else 0 end as place_no,
    count(*) as sends,
    count(answered.event_no) as answered
from sent
cross join (select 'all' as level union all select 'period') as level
left join answered on answered.score_type = sent.score_type and answered.event_no = sent.event_no
where sent.is_mature
group by all
