-- One row per group, stage and moment at which a journey leaves the watch: the Aalen-Johansen curve up to T.
--
-- As progress_curves, of the groups that are compared. Besides, what a journey adds to the error of
-- progress_rate at T: going beyond at this moment adds progress_pull, ending explicitly abandon_pull,
-- and having been watched until it takes watch_pull away. The squares of the journeys' sums add up to the
-- variance of Aalen and Johansen, those of the customers' sums to the one that is clustered by customer.
--
-- grain:    group_no, stage_no, duration_us
-- columns:
--   group_no       integer  group
--   stage_no       integer  stage, or 0 for the journey as a whole
--   duration_us    bigint   time since the stage was reached, microseconds
--   at_risk        bigint   journeys still watched just before
--   survival       double   chance to be neither beyond nor ended after it
--   progress_rate  double   chance to have gone beyond by then
--   horizon_rate   double   chance to have gone beyond by T
--   progress_pull  double   what going beyond at this moment adds
--   abandon_pull   double   what ending explicitly at this moment adds
--   watch_pull     double   what being watched until this moment takes away
with

grouped as (

    select
        group_no,
        stage_no,
        duration_us,
        count(case when outcome > 0 then 1 end) as ended,
        count(case when outcome = 1 then 1 end) as progressed,
        count(*) as leaving
    from compare_times
    group by group_no, stage_no, duration_us

),

counted as (

    select
        group_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        cast(
            sum(leaving) over (
                partition by group_no, stage_no
                order by duration_us desc
                rows between unbounded preceding and current row
            ) as bigint
        ) as at_risk
    from grouped

),

survived as (

    select
        group_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        at_risk,
        case
            when min(at_risk - ended) over earlier = 0 then 0
            else exp(sum(ln(case when ended = at_risk then 1 else 1 - ended / cast(at_risk as double) end)) over earlier)
        end as survival
    from counted
    window earlier as (
        partition by group_no, stage_no
        order by duration_us
        rows between unbounded preceding and current row
    )

),

lagged as (

    select
        group_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        at_risk,
        survival,
        coalesce(lag(survival) over (partition by group_no, stage_no order by duration_us), 1) as survival_before
    from survived

),

summed as (

    select
        group_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        at_risk,
        survival,
        survival_before,
        sum(survival_before * progressed / at_risk) over (
            partition by group_no, stage_no
            order by duration_us
            rows between unbounded preceding and current row
        ) as progress_rate,
        sum(survival_before * progressed / at_risk) over (
            partition by group_no, stage_no
            order by duration_us
            rows between unbounded preceding and unbounded following
        ) as horizon_rate
    from lagged

),

pulled as (

    select
        group_no,
        stage_no,
        duration_us,
        ended,
        progressed,
        at_risk,
        survival,
        progress_rate,
        horizon_rate,
        survival_before / at_risk as gain,
        case
            when at_risk > ended then (horizon_rate - progress_rate) / cast(at_risk - ended as double)
            else 0
        end as loss
    from summed

)

select
    group_no,
    stage_no,
    duration_us,
    at_risk,
    round(survival, 12) as survival,
    round(progress_rate, 12) as progress_rate,
    round(horizon_rate, 12) as horizon_rate,
    gain - loss as progress_pull,
    -loss as abandon_pull,
    sum((gain * progressed - loss * ended) / at_risk) over (
        partition by group_no, stage_no
        order by duration_us
        rows between unbounded preceding and current row
    ) as watch_pull
from pulled
