-- One row per map: how its journeys open and close.
select
    map.map_no,
    map.map_name,
    map.goal,
    map.closes,
    roles.starts,
    roles.abandons,
    map.silence_us / 86400000000 as silence_days,
    map.within_us / 86400000000 as within_days
from cfg_maps as map
left join (
    select
        map_no,
        string_agg(case when role = 'start' then target end, ' or ' order by target) as starts,
        string_agg(case when role = 'abandon' then target end, ' or ' order by target) as abandons
    from cfg_map_roles
    group by map_no
) as roles on roles.map_no = map.map_no
order by map.map_no
