-- One row per map, stage and moment at which a journey leaves the watch: the Aalen-Johansen curve up to T.
--
-- Whatever happens later than T is one last row, with nothing but its at_risk.
-- progress_rate is the chance to have gone beyond by then, with journeys that are still open counted
-- only as long as they were watched; without explicit ends it is 1 - Kaplan-Meier.
--
-- grain:    map_no, stage_no, duration_us
-- columns:
--   map_no         integer  map
--   stage_no       integer  stage, or 0 for the journey as a whole
--   duration_us    bigint   time since the stage was reached, microseconds
--   at_risk        bigint   journeys still watched just before
--   progressed     bigint   journeys that go beyond at this moment
--   abandoned      bigint   journeys that end explicitly at this moment
--   survival       double   chance to be neither beyond nor ended after it
--   survival_before  double  the same just before
--   progress_rate  double   chance to have gone beyond by then
--   abandon_rate   double   chance to have ended explicitly by then
with

grouped as (

    select
        timed.map_no,
        timed.stage_no,
        least(timed.duration_us, map.within_us + 1) as duration_us,
        count(case when timed.outcome > 0 and timed.duration_us <= map.within_us then 1 end) as ended,
        count(case when timed.outcome = 1 and timed.duration_us <= map.within_us then 1 end) as progressed,
        count(case when timed.outcome = 2 and timed.duration_us <= map.within_us then 1 end) as abandoned,
        count(*) as leaving
    from progress_times as timed
    inner join cfg_maps as map on map.map_no = timed.map_no
    group by timed.map_no, timed.stage_no, least(timed.duration_us, map.within_us + 1)

),

counted as (

    select
        map_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        abandoned,
        cast(
            sum(leaving) over (
                partition by map_no, stage_no
                order by duration_us desc
                rows between unbounded preceding and current row
            ) as bigint
        ) as at_risk
    from grouped

),

survived as (

    select
        map_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        abandoned,
        at_risk,
        case
            when min(at_risk - ended) over earlier = 0 then 0
            else exp(sum(ln(case when ended = at_risk then 1 else 1 - ended / cast(at_risk as double) end)) over earlier)
        end as survival
    from counted
    window earlier as (
        partition by map_no, stage_no
        order by duration_us
        rows between unbounded preceding and current row
    )

),

lagged as (

    select
        map_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        abandoned,
        at_risk,
        survival,
        coalesce(
            lag(survival) over (partition by map_no, stage_no order by duration_us),
            1
        ) as survival_before
    from survived

),

summed as (

    select
        map_no,
        stage_no,
        duration_us,
        ended,
        at_risk,
        progressed,
        abandoned,
        survival,
        survival_before,
        sum(survival_before * progressed / at_risk) over earlier as progress_rate,
        sum(survival_before * abandoned / at_risk) over earlier as abandon_rate
    from lagged
    window earlier as (
        partition by map_no, stage_no
        order by duration_us
        rows between unbounded preceding and current row
    )

)

select
    map_no,
    stage_no,
    duration_us,
    at_risk,
    progressed,
    abandoned,
    round(survival, 12) as survival,
    round(survival_before, 12) as survival_before,
    round(progress_rate, 12) as progress_rate,
    round(abandon_rate, 12) as abandon_rate
from summed
