-- One row per map and sales-cycle class: how long it takes to the goal.
--
-- converted_share tells only of journeys that reached the goal, and favours the quick ones as long as others
-- are open. goal_rate tells of all: the chance to reach the goal within the class's days, journeys that
-- may still do so counted only as long as they were watched. It is read to the minute, a goal at the next
-- full one, so map_summary may differ a little.
--
-- grain:    map_name, class_no
-- columns:
--   map_name         varchar  map
--   class_no         integer  1 to 5
--   class            varchar  instant (same session or 24 hours), up to 7, 30, 180 days, more than 180 days
--   horizon_days     integer  longest time of the class, days; NULL: more than 180
--   journeys         bigint   journeys with a stage
--   converted        bigint   of them, those that reached the goal
--   in_class         bigint   of the converted, those that took so long
--   converted_share  double   in_class / converted
--   converted_lo     double   lower end of its 95 % Wilson interval
--   converted_hi     double   upper end of its 95 % Wilson interval
--   goal_rate        double   chance to reach the goal within horizon_days; NULL: nobody was watched that long
--   goal_lo          double   lower end of its 95 % interval, widened by the design effect at T as in map_summary
--   goal_hi          double   upper end of its 95 % interval
--   followed_days    double   longest watch of a journey
--   median_days      double   days by which half have reached the goal; NULL: fewer than half do
select
    map.map_name,
    counted.class_no,
    counted.class,
    counted.horizon_days,
    coalesce(whole.units, 0) as journeys,
    counted.converted,
    counted.journeys as in_class,
    shared.rate as converted_share,
    shared.lo as converted_lo,
    shared.hi as converted_hi,
    chance.chance as goal_rate,
    case
        when chance.chance > 0 and chance.chance < 1
            then 1 - exp(ln(1 - chance.chance) * pow(ln(1 - chance.lo) / ln(1 - chance.chance), widened.factor))
        when chance.chance >= 1 then least(chance.lo, widened.customers / (widened.customers + 3.841459))
        else chance.lo
    end as goal_lo,
    case
        when chance.chance > 0 and chance.chance < 1
            then 1 - exp(ln(1 - chance.chance) * pow(ln(1 - chance.hi) / ln(1 - chance.chance), widened.factor))
        when chance.chance <= 0 then greatest(chance.hi, 3.841459 / (widened.customers + 3.841459))
        else chance.hi
    end as goal_hi,
    whole.followed_days,
    whole.median_days
from cycle_counts as counted
inner join cfg_maps as map on map.map_no = counted.map_no
left join kpi_share_intervals as shared
    on shared.successes = counted.journeys and shared.trials = counted.converted
left join kpi_chances as whole
    on whole.figure = 'goal' and whole.group_no = counted.map_no and whole.horizon_days = 1
left join kpi_chances as chance
    on chance.figure = 'goal'
    and chance.group_no = counted.map_no
    and chance.horizon_days = counted.horizon_days
left join (
    select map_no, sqrt(design_effect) as factor, customers
    from progress_rates
    where stage_no = 0 and segment_no = 0 and not is_rest
) as widened on widened.map_no = counted.map_no
order by counted.map_no, counted.class_no
