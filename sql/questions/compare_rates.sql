-- One row per group and stage: the chance to go beyond within the horizon T, with its error by customer.
--
-- grain:    group_no, stage_no
-- columns:
--   group_no         integer  group
--   stage_no         integer  stage, or 0 for the journey as a whole
--   journeys         bigint   journeys that stood at the stage
--   customers        bigint   customers who made them
--   followed         bigint   of the journeys, those that reached the stage T or longer before the as-of moment
--   known            bigint   of the journeys, those of which one knows whether they went beyond within T
--   progressed       bigint   of the journeys, those that went beyond within T
--   is_watched       boolean  whether any was watched for as long as T; or none is any more, and none is open or some
--                             could be watched so long
--   progress_rate    double   chance to go beyond within T
--   progress_se      double   its standard error, the journeys of a customer taken together
--   covariance       double   with the rate of the other group, from customers in both
--   median_us        double   time by which half have gone beyond; NULL: fewer than half do within T
--   half_us          double   time by which half of those have gone beyond who do within T; NULL: none do
with

influences as (

    select
        timed.group_no,
        timed.stage_no,
        timed.customer_no,
        sum(
            case timed.outcome when 1 then curve.progress_pull when 2 then curve.abandon_pull else 0 end
            - curve.watch_pull
        ) as pull
    from compare_times as timed
    inner join compare_curves as curve
        on curve.group_no = timed.group_no
        and curve.stage_no = timed.stage_no
        and curve.duration_us = timed.duration_us
    group by timed.group_no, timed.stage_no, timed.customer_no

),

spread as (

    select
        group_no,
        stage_no,
        count(*) as customers,
        sqrt(sum(pull * pull)) as progress_se
    from influences
    group by group_no, stage_no

),

shared as (

    select first.stage_no, sum(first.pull * second.pull) as covariance
    from influences as first
    inner join influences as second
        on second.stage_no = first.stage_no
        and second.customer_no = first.customer_no
        and second.group_no = 2
    where first.group_no = 1
    group by first.stage_no

),

watched as (

    select
        timed.group_no,
        timed.stage_no,
        count(*) as journeys,
        max(timed.duration_us) as longest_us,
        count(case when timed.is_followed then 1 end) as followed,
        count(case when timed.is_followed or timed.outcome > 0 then 1 end) as known,
        count(case when timed.outcome = 1 then 1 end) as progressed
    from compare_times as timed
    group by timed.group_no, timed.stage_no

),

halved as (

    select
        group_no,
        stage_no,
        max(horizon_rate) as progress_rate,
        min(survival) as survival,
        cast(min(case when progress_rate >= 0.5 - 1e-9 then duration_us end) as double) as median_us,
        cast(
            min(case when horizon_rate > 0 and progress_rate >= horizon_rate / 2 - 1e-9 then duration_us end) as double
        ) as half_us
    from compare_curves
    group by group_no, stage_no

)

select
    watched.group_no,
    watched.stage_no,
    watched.journeys,
    spread.customers,
    watched.followed,
    watched.known,
    watched.progressed,
    watched.longest_us >= asked.within_us
    or (halved.survival = 0 and (watched.followed > 0 or watched.known = watched.journeys)) as is_watched,
    halved.progress_rate,
    round(spread.progress_se, 12) as progress_se,
    round(coalesce(shared.covariance, 0), 15) as covariance,
    halved.median_us,
    halved.half_us
from watched
inner join spread on spread.group_no = watched.group_no and spread.stage_no = watched.stage_no
inner join halved on halved.group_no = watched.group_no and halved.stage_no = watched.stage_no
left join shared on shared.stage_no = watched.stage_no
cross join asked_comparison as asked
order by watched.stage_no, watched.group_no
