-- One row per map and stage: the chance to go beyond within the horizon T, with its interval.
--
-- The standard error is that of Aalen and Johansen; the interval is on the log(-log) scale. At 0 and 1,
-- where that scale has no interval, it is Wilson's. NULL where nobody was watched for as long as T.
--
-- grain:    map_no, stage_no
-- columns:
--   map_no         integer  map
--   stage_no       integer  stage, or 0 for the journey as a whole
--   journeys       bigint   journeys that stood at the stage
--   watched_us     bigint   longest watch, microseconds, T + 1 at the most
--   progress_rate  double   chance to go beyond within T
--   progress_se    double   its standard error
--   progress_lo    double   lower end of its 95 % interval
--   progress_hi    double   upper end of its 95 % interval
--   abandon_rate   double   chance to end explicitly within T
--   median_us      double   time by which half have gone beyond, microseconds; NULL: fewer than half do within T
with

stood as (

    select
        map_no,
        stage_no,
        max(at_risk) as journeys,
        max(duration_us) as watched_us
    from progress_curves
    group by map_no, stage_no

),

summed as (

    select
        curve.map_no,
        curve.stage_no,
        max(curve.progress_rate) as rate,
        max(curve.abandon_rate) as abandon_rate,
        min(curve.survival) as survival,
        sum(curve.ended_weight) as weight,
        sum(curve.progress_rate * curve.ended_weight) as weight_rate,
        sum(curve.progress_rate * curve.progress_rate * curve.ended_weight) as weight_rate_squared,
        sum(curve.own_variance) as own_variance,
        sum(curve.covariance) as covariance,
        sum(curve.progress_rate * curve.covariance) as covariance_rate
    from (
        select
            curve.map_no,
            curve.stage_no,
            curve.progress_rate,
            curve.abandon_rate,
            curve.survival,
            case
                when curve.at_risk > curve.progressed + curve.abandoned
                    then (curve.progressed + curve.abandoned)
                    / (cast(curve.at_risk as double) * (curve.at_risk - curve.progressed - curve.abandoned))
                else 0
            end as ended_weight,
            curve.survival_before * curve.survival_before * curve.progressed
            * (curve.at_risk - curve.progressed)
            / (cast(curve.at_risk as double) * curve.at_risk * curve.at_risk) as own_variance,
            curve.survival_before * curve.progressed / (cast(curve.at_risk as double) * curve.at_risk) as covariance
        from progress_curves as curve
        inner join cfg_maps as map on map.map_no = curve.map_no
        where curve.duration_us <= map.within_us
    ) as curve
    group by curve.map_no, curve.stage_no

),

halved as (

    select
        map_no,
        stage_no,
        cast(min(duration_us) as double) as median_us
    from progress_curves
    where progress_rate >= 0.5
    group by map_no, stage_no

),

estimated as (

    select
        stood.map_no,
        stood.stage_no,
        stood.journeys,
        stood.watched_us,
        case
            when stood.watched_us >= map.within_us or summed.survival = 0 then coalesce(summed.rate, 0)
        end as rate,
        case
            when stood.watched_us >= map.within_us or summed.survival = 0 then coalesce(summed.abandon_rate, 0)
        end as abandon_rate,
        sqrt(
            greatest(
                summed.rate * summed.rate * summed.weight
                - 2 * summed.rate * summed.weight_rate
                + summed.weight_rate_squared
                + summed.own_variance
                - 2 * summed.rate * summed.covariance
                + 2 * summed.covariance_rate,
                0
            )
        ) as se,
        halved.median_us
    from stood
    inner join cfg_maps as map on map.map_no = stood.map_no
    left join summed on summed.map_no = stood.map_no and summed.stage_no = stood.stage_no
    left join halved on halved.map_no = stood.map_no and halved.stage_no = stood.stage_no

)

select
    map_no,
    stage_no,
    journeys,
    watched_us,
    rate as progress_rate,
    case when rate is not null then round(coalesce(se, 0), 12) end as progress_se,
    round(
        case
            when rate <= 0 then 0
            when rate >= 1 then journeys / (journeys + 3.841459)
            else exp(ln(rate) * exp(1.959964 * se / abs(rate * ln(rate))))
        end,
        12
    ) as progress_lo,
    round(
        case
            when rate <= 0 then 3.841459 / (journeys + 3.841459)
            when rate >= 1 then 1
            else exp(ln(rate) * exp(-1.959964 * se / abs(rate * ln(rate))))
        end,
        12
    ) as progress_hi,
    abandon_rate,
    median_us
from estimated
