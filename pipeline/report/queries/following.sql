-- One row per population: how many journeys take the intended path.
select
    told.map_name,
    told.population,
    told.origin,
    told.journeys,
    told.following_journeys,
    told.following_share,
    told.following_lo,
    told.following_hi,
    told.on_path_share,
    told.is_small
from path_following as told
order by told.map_name, case told.population when 'headline' then 1 when 'closed' then 2 else 3 end
