-- One row per map and stage before the goal: after how long a silence a journey there counts as dropped.
--
-- The horizon that is found is the shortest silence after which at most 5 % still come back. A stage with
-- fewer than 500 silences takes that of all stages. It is believed only where three things hold: it is at
-- most a third of the data's window, at most half of how far silences were followed, after which at most
-- 5 % of the returns came, and these were followed for at least ten steps of the grid. Where one fails, a silent journey may well come back, and
-- only progress within the horizon T can be read. Journeys are cut by the declared silence in any case;
-- the horizon in use decides which journeys that nobody came back to count as dropped.
--
-- grain:    map_no, stage_no
-- columns:
--   map_no                integer  map
--   map_name              varchar  its name
--   stage_no              integer  stage; 0: all stages before the goal together
--   stage                 varchar  its name; NULL: all
--   silences              bigint   silences that began with the stage as the furthest
--   is_pooled             boolean  whether these are too few, and the silences of all stages are read
--   grid_days             double   step in which horizons are looked for
--   window_days           double   from the first event to the as-of moment
--   followed_days         double   longest silence that at least 50 were followed for
--   plateau               double   of all silences, the share that lasts longer than that
--   found_days            double   shortest silence after which at most 5 % still come back; NULL: none is
--   is_within_window      boolean  whether it is at most a third of the window
--   is_followed           boolean  whether it is at most half of followed_days, and at most 5 % came back later than these
--   is_resolved           boolean  whether followed_days are at least ten steps of the grid
--   is_identified         boolean  whether all three hold: the data tell silence from loss
--   declared_days         double   silence that the project file declares, and that cuts journeys
--   horizon_days          double   horizon in use: the found one where the map asks for it and it is identified, else the declared one
--   horizon_us            bigint   the same in microseconds
--   return_risk           double   of those silent for the horizon in use, the share that still comes back; NULL: not followed so far
--   is_drop_identified    boolean  whether the horizon is identified and at most 5 % come back after the one in use
--   reading               varchar  what this means
with

stages as (

    select map_no, 0 as stage_no, cast(null as varchar) as stage
    from cfg_maps
    union all
    select stage.map_no, stage.stage_no, stage.stage
    from cfg_map_stages as stage
    left join cfg_map_stages as goal on goal.map_no = stage.map_no and goal.is_goal
    where coalesce(stage.stage_no < goal.stage_no, true)

),

chosen as (

    select
        stages.map_no,
        stages.stage_no,
        stages.stage,
        coalesce(own.silences, 0) as silences,
        stages.stage_no > 0 and coalesce(own.silences, 0) < 500 as is_pooled,
        case when coalesce(own.silences, 0) < 500 then 0 else stages.stage_no end as read_stage_no
    from stages
    left join silence_plateaus as own on own.map_no = stages.map_no and own.stage_no = stages.stage_no

),

found as (

    select risk.map_no, risk.stage_no, min(risk.gap_s) as found_s
    from return_risks as risk
    where risk.return_risk <= 0.05
    group by risk.map_no, risk.stage_no

),

judged as (

    select
        chosen.map_no,
        chosen.stage_no,
        chosen.stage,
        chosen.silences,
        chosen.is_pooled,
        chosen.read_stage_no,
        plateau.grid_s,
        (as_of.as_of_us - as_of.first_us) / 1000000.0 as window_s,
        plateau.followed_s,
        plateau.plateau,
        found.found_s,
        coalesce(found.found_s * 3 <= (as_of.as_of_us - as_of.first_us) / 1000000.0, false) as is_within_window,
        coalesce(found.found_s * 2 <= plateau.followed_s, false) as is_half,
        coalesce(plateau.late * 20 <= plateau.returned, false) as is_early,
        coalesce(plateau.followed_s >= plateau.grid_s * 10, false) as is_resolved
    from chosen
    left join silence_plateaus as plateau
        on plateau.map_no = chosen.map_no and plateau.stage_no = chosen.read_stage_no
    left join found on found.map_no = chosen.map_no and found.stage_no = chosen.read_stage_no
    cross join as_of

),

used as (

    select
        judged.map_no,
        map.map_name,
        judged.stage_no,
        judged.stage,
        judged.silences,
        judged.is_pooled,
        judged.read_stage_no,
        judged.grid_s,
        judged.window_s,
        judged.followed_s,
        judged.plateau,
        judged.found_s,
        judged.is_within_window,
        judged.is_half and judged.is_early as is_followed,
        judged.is_early,
        judged.is_resolved,
        judged.is_within_window and judged.is_half and judged.is_early and judged.is_resolved as is_identified,
        map.silence_us,
        case
            when
                map.horizon = 'found'
                and judged.is_within_window and judged.is_half and judged.is_early and judged.is_resolved
                then judged.found_s * 1000000
            else map.silence_us
        end as horizon_us
    from judged
    inner join cfg_maps as map on map.map_no = judged.map_no

),

risked as (

    select
        used.map_no,
        used.stage_no,
        min(step.silent) as silent
    from used
    inner join silence_steps as step
        on step.map_no = used.map_no
        and step.stage_no = used.read_stage_no
        and step.gap_s * 1000000 <= used.horizon_us
    where used.followed_s * 1000000 >= used.horizon_us
    group by used.map_no, used.stage_no

),

read as (

    select
        used.map_no,
        used.map_name,
        used.stage_no,
        used.stage,
        used.silences,
        used.is_pooled,
        used.grid_s,
        used.window_s,
        used.followed_s,
        used.plateau,
        used.found_s,
        used.is_within_window,
        used.is_followed,
        used.is_early,
        used.is_resolved,
        used.is_identified,
        used.silence_us,
        used.horizon_us,
        case
            when used.is_identified and used.horizon_us > used.followed_s * 1000000 then 0
            when risked.silent > 0 then round(greatest((risked.silent - used.plateau) / risked.silent, 0), 12)
        end as return_risk
    from used
    left join risked on risked.map_no = used.map_no and risked.stage_no = used.stage_no

)

select
    map_no,
    map_name,
    stage_no,
    stage,
    silences,
    is_pooled,
    grid_s / 86400.0 as grid_days,
    window_s / 86400.0 as window_days,
    followed_s / 86400.0 as followed_days,
    plateau,
    found_s / 86400.0 as found_days,
    is_within_window,
    is_followed,
    is_resolved,
    is_identified,
    silence_us / 86400000000.0 as declared_days,
    horizon_us / 86400000000.0 as horizon_days,
    horizon_us,
    return_risk,
    is_identified and coalesce(return_risk <= 0.05, false) as is_drop_identified,
    case
        when followed_s is null
            then 'drop-off not identifiable, only in-window progress: fewer than 50 silences were seen'
        when found_s is null and followed_s < grid_s
            then 'drop-off not identifiable, only in-window progress: silences were followed for too short a time'
        when found_s is null
            then 'drop-off not identifiable, only in-window progress: nearly all come back, however long they are silent'
        when not is_within_window
            then 'drop-off not identifiable, only in-window progress: the data span less than three times the silence after which 5 % come back'
        when not is_early
            then 'drop-off not identifiable, only in-window progress: more than 5 % of those who came back did so later than was followed'
        when not is_followed
            then 'drop-off not identifiable, only in-window progress: customers still come back at the end of what was followed'
        when not is_resolved
            then 'drop-off not identifiable, only in-window progress: silences were followed for too short a time'
        when return_risk > 0.05
            then 'silence counts as a drop too early: '
            || cast(cast(round(100 * return_risk) as bigint) as varchar)
            || ' % of those silent for so long still come back'
        else 'silence counts as a drop: at most 5 % of those silent for so long come back'
    end as reading
from read
order by map_no, stage_no
