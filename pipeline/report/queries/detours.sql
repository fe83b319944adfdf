-- One row per deviation from the intended path: how many journeys that are over have it, and what goes along
-- with it, of the journeys that began T or longer before the as-of moment, those that are open included.
select
    told.map_name,
    told.kind,
    told.stage_no,
    told.stage,
    told.journeys,
    told.all_journeys,
    told.journey_share,
    told.journey_lo,
    told.journey_hi,
    told.is_small,
    cost.within_days,
    cost.journeys_with,
    cost.journeys_without,
    cost.converted_with,
    cost.converted_without,
    cost.conversion_with,
    cost.conversion_without,
    cost.conversion_difference,
    cost.difference_lo,
    cost.difference_hi,
    cost.extra_days
from path_deviations as told
left join detour_costs as cost
    on cost.map_name = told.map_name
    and cost.kind = told.kind
    and cost.stage_no = told.stage_no
    and not cost.is_small
cross join cfg_settings as setting
where told.population = 'headline' and told.journeys >= setting.privacy_k
order by told.map_name, told.journeys desc, told.kind, told.stage_no
