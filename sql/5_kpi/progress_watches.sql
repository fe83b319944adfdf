-- One row per journey and stage of progress_times, with the moment at which its watch is counted.
--
-- Between two moments at which the watch of an open journey ends, a curve needs no more than sums:
-- what happens there is counted at the later of the two, or at the next sixtieth of T, and the curve
-- and its error are the same at these moments. Where more than 1,000 watches end within T, their ends
-- are rounded to the nearest 1,000th of T, and what happens in between is counted at the next one.
-- Whatever happens later than T is counted at T + 1. No rounding makes a watch one of T that began later
-- than T before the as-of moment.
--
-- kind:     working
-- grain:    map_no, customer_no, journey_no, stage_no
-- columns:
--   map_no       integer  map
--   customer_no  integer  customer
--   journey_no   integer  journey
--   stage_no     integer  stage, or 0 for the journey as a whole
--   duration_us  bigint   time to the end of the watch
--   outcome      integer  1 went beyond, 2 ended explicitly, 0 neither
--   counted_us   bigint   when it is counted, since the stage was reached
--   fate         varchar  progressed, dropped_explicit, dropped_silent or open
--   is_old       boolean  whether the stage was reached at least T before the as-of moment
--   is_mature    boolean  whether the stage was reached at least its silence horizon before the as-of moment
--   is_followed  boolean  whether the journey went beyond at least T before the as-of moment
--   is_won       boolean  whether it then reached the goal within T
with

crowded as (

    select timed.map_no, timed.stage_no
    from progress_times as timed
    inner join cfg_maps as map on map.map_no = timed.map_no
    where timed.outcome = 0 and timed.duration_us <= map.within_us
    group by timed.map_no, timed.stage_no
    having count(*) > 1000

),

measured as (

    select
        timed.map_no,
        timed.customer_no,
        timed.journey_no,
        timed.stage_no,
        timed.duration_us,
        timed.outcome,
        timed.fate,
        as_of.as_of_us - timed.reached_us >= map.within_us as is_old,
        as_of.as_of_us - timed.reached_us >= coalesce(horizon.horizon_us, map.silence_us) as is_mature,
        coalesce(as_of.as_of_us - timed.beyond_us >= map.within_us, false) as is_followed,
        coalesce(timed.goal_us - timed.beyond_us <= map.within_us, false) as is_won,
        crowded.stage_no is not null as is_crowded,
        map.within_us,
        map.within_us - case when as_of.as_of_us - timed.reached_us >= map.within_us then 0 else 1 end as latest_us,
        greatest(floor(map.within_us / 60.0), 1) as step_us,
        greatest(floor(map.within_us / 1000.0), 1) as fine_us
    from progress_times as timed
    inner join cfg_maps as map on map.map_no = timed.map_no
    left join silence_horizons as horizon
        on horizon.map_no = timed.map_no and horizon.stage_no = timed.stage_no
    left join crowded on crowded.map_no = timed.map_no and crowded.stage_no = timed.stage_no
    cross join as_of

)

select
    map_no,
    customer_no,
    journey_no,
    stage_no,
    duration_us,
    outcome,
    case
        when duration_us > within_us then within_us + 1
        when outcome = 0 then cast(least(round(duration_us / fine_us) * fine_us, latest_us) as bigint)
        else cast(least(ceil(duration_us / fine_us) * fine_us, ceil(duration_us / step_us) * step_us, latest_us) as bigint)
    end as counted_us,
    fate,
    is_old,
    is_mature,
    is_followed,
    is_won
from measured
where is_crowded or duration_us > within_us
union all
select
    map_no,
    customer_no,
    journey_no,
    stage_no,
    duration_us,
    outcome,
    case
        when outcome = 0 then duration_us
        else least(
            cast(least(ceil(duration_us / step_us) * step_us, latest_us) as bigint),
            min(case when outcome = 0 then duration_us end) over (
                partition by map_no, stage_no
                order by duration_us desc, outcome, customer_no, journey_no
                rows between unbounded preceding and current row
            )
        )
    end,
    fate,
    is_old,
    is_mature,
    is_followed,
    is_won
from measured
where not is_crowded and duration_us <= within_us
