-- One row per map, stage before the goal and factor of its silence horizon: what would count as dropped.
--
-- A journey after which the customer began another one is over, however long the horizon.
--
-- kind:     working
-- grain:    map_no, stage_no, factor
-- columns:
--   map_no          integer  map
--   stage_no        integer  stage
--   factor          varchar  half, whole or double
--   horizon_us      bigint   silence that counts as a drop, microseconds
--   frontier        bigint   journeys that stood at the stage as their furthest
--   progressed      bigint   of them, those that went beyond
--   dropped         bigint   of them, those that dropped there, explicitly or in silence
--   open            bigint   of them, those that may still go on
--   mature          bigint   of them, those that reached it horizon_us ago, or longer
--   mature_dropped  bigint   of the mature ones, those that dropped there
--   mature_open     bigint   of the mature ones, those that may still go on
with

factors as (

    select 'half' as factor, 0.5 as times
    union all
    select 'whole', 1
    union all
    select 'double', 2

),

followed as (

    select map_no, customer_no, journey_no
    from journey_sums
    where next_started_us is not null

),

judged as (

    select
        timed.map_no,
        timed.stage_no,
        factors.factor,
        cast(horizon.horizon_us * factors.times as bigint) as horizon_us,
        as_of.as_of_us - timed.reached_us >= horizon.horizon_us * factors.times as is_mature,
        case
            when timed.fate in ('progressed', 'dropped_explicit') then timed.fate
            when followed.journey_no is not null then 'dropped_silent'
            when as_of.as_of_us - timed.ended_us >= horizon.horizon_us * factors.times then 'dropped_silent'
            else 'open'
        end as fate
    from progress_times as timed
    inner join silence_horizons as horizon
        on horizon.map_no = timed.map_no and horizon.stage_no = timed.stage_no
    left join followed
        on followed.map_no = timed.map_no
        and followed.customer_no = timed.customer_no
        and followed.journey_no = timed.journey_no
    cross join factors
    cross join as_of
    where timed.stage_no > 0

)

select
    map_no,
    stage_no,
    factor,
    horizon_us,
    count(*) as frontier,
    count(case when fate = 'progressed' then 1 end) as progressed,
    count(case when fate in ('dropped_explicit', 'dropped_silent') then 1 end) as dropped,
    count(case when fate = 'open' then 1 end) as open,
    count(case when is_mature then 1 end) as mature,
    count(case when is_mature and fate in ('dropped_explicit', 'dropped_silent') then 1 end) as mature_dropped,
    count(case when is_mature and fate = 'open' then 1 end) as mature_open
from judged
group by map_no, stage_no, factor, horizon_us
