-- One row per kind of score and reporting period, and per kind: NPS, CSAT and the like, and who answered.
--
-- Of each customer one answer counts: the first or the latest, overall and in each period. Who does not
-- answer may think otherwise: read the response rate, and what respondents do beside what others do.
-- A sending is answered by an answer of the same customer within [kpi] answer_within and before the next
-- sending; one younger than that is left out.
--
-- grain:    score_type, period
-- columns:
--   score_type         varchar  nps, csat, ces, emotion or sentiment
--   period             varchar  reporting period, or (all)
--   period_no          integer  its number in local_periods; NULL for (all)
--   is_partial         boolean  whether the data begin or end in it
--   unit               varchar  what the value is
--   responses          bigint   answers
--   invalid            bigint   of them, those off the scale, which are not used: nps, csat and ces are whole numbers
--   unidentified       bigint   of them, those of nobody known, each counted for itself
--   respondents        bigint   customers whose answer counts
--   value              double   figure; NULL: see reason
--   se                 double   standard error; NULL for csat and ces
--   lo                 double   lower end of its 95 % interval
--   hi                 double   upper end of its 95 % interval
--   mean_score         double   mean score
--   promoters          bigint   answers 9 and 10 of nps, 4 and 5 of csat, 5 to 7 of ces
--   detractors         bigint   answers 0 to 6 of nps
--   sends              bigint   sendings of the period that could have been answered; NULL: none is declared
--   answered           bigint   of them, those that were
--   response_rate      double   answered / sends; NULL: no sending is declared, or none is old enough
--   response_lo        double   lower end of its 95 % Wilson interval
--   response_hi        double   upper end of its 95 % Wilson interval
--   respondent_events  double   mean events of the customers who answered, of (all) alone
--   other_events       double   mean events of the customers who did not, of (all) alone
--   reason             varchar  why there is no value; NULL: there is one
with

kinds as (

    select 'nps' as score_type, '-100 to 100' as unit
    union all
    select 'csat', 'share of 4 and 5 of 1 to 5'
    union all
    select 'ces', 'share of 5 to 7 of 1 to 7'
    union all
    select 'emotion', 'mean of -2 to 2'
    union all
    select 'sentiment', 'mean of -1 to 1'

),

spread as (

    select score_type, unit, 'all' as level, 0 as place_no
    from kinds
    union all
    select kinds.score_type, kinds.unit, 'period', period.period_no
    from kinds
    cross join local_periods as period
    where period.has_event and kinds.score_type in (select score_type from responses)

)

select
    spread.score_type,
    coalesce(period.period, '(all)') as period,
    period.period_no,
    coalesce(period.is_partial, false) as is_partial,
    spread.unit,
    coalesce(summed.responses, 0) as responses,
    coalesce(summed.invalid, 0) as invalid,
    coalesce(summed.unidentified, 0) as unidentified,
    coalesce(summed.respondents, 0) as respondents,
    estimated.value,
    estimated.se,
    estimated.lo,
    estimated.hi,
    estimated.mean_score,
    summed.promoters,
    summed.detractors,
    case when asked.score_type is not null then coalesce(sent.sends, 0) end as sends,
    case when asked.score_type is not null then coalesce(sent.answered, 0) end as answered,
    answering.rate as response_rate,
    answering.lo as response_lo,
    answering.hi as response_hi,
    case when spread.level = 'all' then behaved.respondent_events end as respondent_events,
    case when spread.level = 'all' then behaved.other_events end as other_events,
    case when summed.score_type is null then 'no answer' else estimated.reason end as reason
from spread
left join local_periods as period on spread.level = 'period' and period.period_no = spread.place_no
left join response_sums as summed
    on summed.score_type = spread.score_type and summed.level = spread.level and summed.place_no = spread.place_no
left join response_estimates as estimated
    on estimated.score_type = spread.score_type and estimated.level = spread.level and estimated.place_no = spread.place_no
left join (
    select distinct replace(role, '_sends', '') as score_type
    from cfg_kpi_roles
    where role in ('nps_sends', 'csat_sends', 'ces_sends', 'emotion_sends')
) as asked on asked.score_type = spread.score_type
left join sending_counts as sent
    on sent.score_type = spread.score_type and sent.level = spread.level and sent.place_no = spread.place_no
left join kpi_share_intervals as answering
    on answering.successes = sent.answered and answering.trials = sent.sends
left join respondent_means as behaved on behaved.score_type = spread.score_type
order by spread.score_type, spread.place_no
