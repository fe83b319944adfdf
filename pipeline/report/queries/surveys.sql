-- One row per kind of score and period: the figure, and who answered.
select
    told.score_type,
    told.period,
    told.is_partial,
    told.unit,
    told.respondents,
    told.value as figure,
    told.lo,
    told.hi,
    told.mean_score,
    told.response_rate,
    told.sends,
    told.reason
from survey_kpis as told
cross join cfg_settings as setting
where told.respondents >= setting.privacy_k and told.respondents > 0
order by told.score_type, case when told.period_no is null then 0 else 1 end, told.period_no
