-- One row per map and touchpoint: how many journeys meet it, and of those that reach the goal, before it.
--
-- A touchpoint of impact is one that nearly every journey to the goal meets. That it is met does not say
-- that it helps.
--
-- grain:    map_name, touchpoint
-- columns:
--   map_name       varchar        map
--   touchpoint     varchar        touchpoint
--   stage          varchar        stage on the map's axis; NULL: none
--   converted      bigint         journeys that converted
--   reaching       bigint         of them, those with a step at the touchpoint before the goal
--   reach          double         reaching / converted
--   reach_lo       double         lower end of its 95 % Wilson interval
--   reach_hi       double         upper end of its 95 % Wilson interval
--   is_impact      boolean        whether the lower end is 0.8 or more
--   is_small       boolean        whether fewer than 30 journeys converted: shown, but never ranked
--   value          decimal(38,2)  money of the reaching journeys; NULL: none carries any
--   value_reach    double         of the money of all that converted, theirs, which returns may put below 0; NULL: none carries any
--   closed         bigint         journeys that are over
--   closed_reach   double         of them, the share with a step at the touchpoint
--   closed_lo      double         lower end of its 95 % Wilson interval
--   closed_hi      double         upper end of its 95 % Wilson interval
select
    map.map_name,
    named.touchpoint,
    stage.stage,
    counted.all_converted as converted,
    counted.converted as reaching,
    reached.rate as reach,
    reached.lo as reach_lo,
    reached.hi as reach_hi,
    coalesce(reached.lo >= 0.8, false) as is_impact,
    counted.all_converted < 30 as is_small,
    counted.value,
    case
        when counted.all_value is not null
            then cast(coalesce(counted.value, 0) as double) / nullif(cast(counted.all_value as double), 0)
    end as value_reach,
    counted.all_journeys as closed,
    closed.rate as closed_reach,
    closed.lo as closed_lo,
    closed.hi as closed_hi
from reach_counts as counted
inner join cfg_maps as map on map.map_no = counted.map_no
inner join touchpoint_names as named on named.touchpoint_no = counted.touchpoint_no
inner join touchpoint_roles as role on role.map_no = counted.map_no and role.touchpoint_no = counted.touchpoint_no
left join cfg_map_stages as stage on stage.map_no = counted.map_no and stage.stage_no = role.stage_no
left join kpi_share_intervals as reached
    on reached.successes = counted.converted and reached.trials = counted.all_converted
left join kpi_share_intervals as closed
    on closed.successes = counted.journeys and closed.trials = counted.all_journeys
order by counted.map_no, counted.touchpoint_no
