-- One row per kind of score and what its answers are told apart by: all, the period, or the place before.
--
-- kind:     working
-- grain:    score_type, level, map_no, place_no
-- columns:
--   score_type      varchar  nps, csat, ces, emotion, sentiment or other
--   level           varchar  all, period, touchpoint or stage
--   map_no          integer  map of a stage; otherwise 0
--   place_no        integer  period, touchpoint or stage; 0 for all
--   responses       bigint   answers, those that do not count included; NULL for touchpoint and stage
--   invalid         bigint   of them, those off the scale; NULL for touchpoint and stage
--   unidentified    bigint   of them, those of nobody known; NULL for touchpoint and stage
--   respondents     bigint   answers that count, one of each customer
--   promoters       bigint   of them, those with a positive share in the figure: 9 and 10 of nps, 4 and 5 of csat, 5
--                            to 7 of ces; NULL for emotion and sentiment
--   detractors      bigint   of them, 0 to 6 of nps; NULL for others
--   top_score       double   highest score that counts
--   score_sum       double   sum of their scores
--   points_sum      double   sum of their points
--   points_squared  double   sum of their squared points
with

leveled as (

    select
        score_type,
        'all' as level,
        0 as map_no,
        0 as place_no,
        customer_no,
        score,
        points,
        is_valid,
        is_counted
    from responses
    union all
    select score_type, 'period', 0, period_no, customer_no, score, points, is_valid, is_counted_in_period
    from responses
    union all
    select
        before.score_type,
        before.level,
        before.map_no,
        before.place_no,
        response.customer_no,
        response.score,
        response.points,
        response.is_valid,
        response.is_counted
    from responses_before as before
    inner join responses as response on response.event_no = before.event_no and response.score_type = before.score_type

),

counted as (

    select
        score_type,
        level,
        map_no,
        place_no,
        customer_no,
        is_valid,
        is_counted,
        case when is_counted then score end as score,
        cast(case when is_counted then points end as decimal(14, 6)) as points
    from leveled

)

select
    score_type,
    level,
    map_no,
    place_no,
    case when level in ('all', 'period') then count(*) end as responses,
    case when level in ('all', 'period') then count(case when not is_valid then 1 end) end as invalid,
    case when level in ('all', 'period') then count(case when customer_no is null then 1 end) end as unidentified,
    count(case when is_counted then 1 end) as respondents,
    case when score_type in ('nps', 'csat', 'ces') then count(case when points > 0 then 1 end) end as promoters,
    case when score_type = 'nps' then count(case when points < 0 then 1 end) end as detractors,
    max(score) as top_score,
    cast(sum(cast(score as decimal(14, 6))) as double) as score_sum,
    cast(sum(points) as double) as points_sum,
    cast(sum(points * points) as double) as points_squared
from counted
group by score_type, level, map_no, place_no
