-- One row per kind of score and what its answers are told apart by: the figure with its interval.
--
-- nps is 100 (share of promoters - share of detractors), with standard error
-- 100 sqrt((p + d - (p - d)^2) / n); csat and ces are shares with Wilson's interval; emotion and sentiment are
-- means. Where all answers are alike, so that there is no standard error, the interval is the one that
-- Wilson's allows for a share of all, or none.
--
-- kind:     view
-- grain:    score_type, level, map_no, place_no
-- columns:
--   score_type   varchar  nps, csat, ces, emotion or sentiment
--   level        varchar  all, period, touchpoint or stage
--   map_no       integer  map of a stage; otherwise 0
--   place_no     integer  period, touchpoint or stage; 0 for all
--   respondents  bigint   customers whose answer counts
--   value        double   figure; NULL: nobody answered, or the scale is doubtful
--   se           double   standard error; NULL for shares
--   lo           double   lower end of its 95 % interval
--   hi           double   upper end of its 95 % interval
--   mean_score   double   mean score
--   reason       varchar  why there is no figure; NULL: there is
with

doubted as (

    select score_type, score_type = 'nps' and respondents >= 30 and top_score <= 5 as is_doubtful
    from response_sums
    where level = 'all'

),

summed as (

    select
        summed.score_type,
        summed.level,
        summed.map_no,
        summed.place_no,
        summed.respondents,
        summed.promoters,
        summed.points_sum / nullif(summed.respondents, 0) as value,
        summed.points_squared / nullif(summed.respondents, 0) as mean_square,
        summed.score_sum / nullif(summed.respondents, 0) as mean_score,
        case summed.score_type when 'nps' then 100 when 'emotion' then 2 else 1 end as most,
        case
            when summed.respondents = 0 then 'no valid answer'
            when doubted.is_doubtful
                then 'no score above 5: this looks like a scale from 1 to 5; declare its touchpoint as csat'
        end as reason
    from response_sums as summed
    inner join doubted on doubted.score_type = summed.score_type
    where summed.score_type <> 'other'

),

spread as (

    select
        score_type,
        level,
        map_no,
        place_no,
        respondents,
        promoters,
        value,
        sqrt(greatest(mean_square - value * value, 0) / nullif(respondents, 0)) as se,
        mean_score,
        most,
        reason
    from summed

)

select
    spread.score_type,
    spread.level,
    spread.map_no,
    spread.place_no,
    spread.respondents,
    case when spread.reason is null then round(spread.value, 9) end as value,
    case when spread.score_type not in ('csat', 'ces') and spread.reason is null then round(spread.se, 9) end as se,
    case
        when spread.reason is not null then null
        when spread.score_type in ('csat', 'ces') then shared.lo
        when spread.se < 1e-9 then round(spread.value * alike.lo - spread.most * (1 - alike.lo), 9)
        else round(greatest(spread.value - 1.959964 * spread.se, -spread.most), 9)
    end as lo,
    case
        when spread.reason is not null then null
        when spread.score_type in ('csat', 'ces') then shared.hi
        when spread.se < 1e-9 then round(spread.value * alike.lo + spread.most * (1 - alike.lo), 9)
        else round(least(spread.value + 1.959964 * spread.se, spread.most), 9)
    end as hi,
    spread.mean_score,
    spread.reason
from spread
left join kpi_share_intervals as shared
    on shared.successes = spread.promoters and shared.trials = spread.respondents
left join kpi_share_intervals as alike
    on alike.successes = spread.respondents and alike.trials = spread.respondents
