-- One row per map, group of journeys, stage and moment up to T: the Aalen-Johansen curve and its error.
--
-- progress_rate is the chance to have gone beyond by then, with journeys that are still open counted only
-- as long as they were watched; without explicit ends it is 1 - Kaplan-Meier. The error is that of Aalen and
-- Johansen, as if no customer had made two of the journeys. NULL from where on nobody was watched: that the
-- last one under watch goes beyond says nothing of later moments, unless none is open, or some could be
-- watched for T.
--
-- kind:     working
-- grain:    map_no, segment_no, value_no, is_rest, stage_no, counted_us
-- columns:
--   map_no         integer  map
--   segment_no     integer  segment; 0: all
--   value_no       integer  value, as in segment_values
--   is_rest        boolean  whether it is all journeys but those of the group
--   stage_no       integer  stage, or 0 for the journey as a whole
--   counted_us     bigint   time since the stage was reached, microseconds
--   is_step        boolean  whether it is a sixtieth of T, or 0
--   journeys       bigint   journeys that stood at the stage
--   old            bigint   of them, those that reached it at least T before the as-of moment
--   known          bigint   of them, those watched until then, gone beyond or explicitly ended
--   at_risk        bigint   of them, those still watched just before
--   progressed     bigint   of them, those that go beyond at this moment
--   abandoned      bigint   of them, those that end explicitly at this moment
--   survival_before  double  chance to be neither beyond nor ended just before
--   progress_before  double  chance to have gone beyond before
--   progress_rate  double   chance to have gone beyond by then
--   progress_se    double   its standard error, each journey by itself
--   abandon_rate   double   chance to have ended explicitly by then
with

survived as (

    select
        map_no,
        segment_no,
        value_no,
        is_rest,
        stage_no,
        counted_us,
        is_step,
        journeys,
        old,
        known,
        at_risk,
        progressed,
        abandoned,
        progressed + abandoned as ended,
        case
            when min(case when at_risk > 0 then at_risk - progressed - abandoned end) over earlier = 0 then 0
            else exp(
                sum(
                    case
                        when at_risk > progressed + abandoned
                            then ln((at_risk - progressed - abandoned) / cast(at_risk as double))
                        else 0
                    end
                ) over earlier
            )
        end as survival
    from progress_risks
    window earlier as (
        partition by map_no, segment_no, value_no, is_rest, stage_no
        order by counted_us
        rows between unbounded preceding and current row
    )

),

lagged as (

    select
        map_no,
        segment_no,
        value_no,
        is_rest,
        stage_no,
        counted_us,
        is_step,
        journeys,
        old,
        known,
        at_risk,
        progressed,
        abandoned,
        ended,
        survival,
        coalesce(
            lag(survival) over (
                partition by map_no, segment_no, value_no, is_rest, stage_no
                order by counted_us
            ),
            1
        ) as survival_before
    from survived

),

summed as (

    select
        map_no,
        segment_no,
        value_no,
        is_rest,
        stage_no,
        counted_us,
        is_step,
        journeys,
        old,
        known,
        at_risk,
        progressed,
        abandoned,
        ended,
        survival,
        survival_before,
        survival_before * progressed / nullif(at_risk, 0) as rise,
        coalesce(sum(survival_before * progressed / nullif(at_risk, 0)) over earlier, 0) as rate,
        coalesce(sum(survival_before * abandoned / nullif(at_risk, 0)) over earlier, 0) as abandon_rate
    from lagged
    window earlier as (
        partition by map_no, segment_no, value_no, is_rest, stage_no
        order by counted_us
        rows between unbounded preceding and current row
    )

),

weighed as (

    select
        map_no,
        segment_no,
        value_no,
        is_rest,
        stage_no,
        counted_us,
        is_step,
        journeys,
        old,
        known,
        at_risk,
        progressed,
        abandoned,
        survival,
        survival_before,
        rise,
        rate,
        abandon_rate,
        case when at_risk > ended then ended / (cast(at_risk as double) * (at_risk - ended)) else 0 end as weight,
        coalesce(rise / nullif(at_risk, 0), 0) as shared,
        coalesce(rise * survival_before * (at_risk - progressed) / (cast(at_risk as double) * nullif(at_risk, 0)), 0) as own
    from summed

),

estimated as (

    select
        map_no,
        segment_no,
        value_no,
        is_rest,
        stage_no,
        counted_us,
        is_step,
        journeys,
        old,
        known,
        at_risk,
        progressed,
        abandoned,
        survival_before,
        round(greatest(rate - coalesce(rise, 0), 0), 12) as progress_before,
        case
            when at_risk > 0 or (survival = 0 and (old > 0 or known = journeys)) then round(rate, 12)
        end as rate,
        round(
            sqrt(
                greatest(
                    rate * rate * sum(weight) over earlier
                    - 2 * rate * sum(weight * rate) over earlier
                    + sum(weight * rate * rate) over earlier
                    + sum(own) over earlier
                    - 2 * rate * sum(shared) over earlier
                    + 2 * sum(shared * rate) over earlier,
                    0
                )
            ),
            12
        ) as se,
        round(abandon_rate, 12) as abandon_rate
    from weighed
    window earlier as (
        partition by map_no, segment_no, value_no, is_rest, stage_no
        order by counted_us
        rows between unbounded preceding and current row
    )

)

select
    map_no,
    segment_no,
    value_no,
    is_rest,
    stage_no,
    counted_us,
    is_step,
    journeys,
    old,
    known,
    at_risk,
    progressed,
    abandoned,
    round(survival_before, 12) as survival_before,
    progress_before,
    rate as progress_rate,
    case when rate in (0, 1) then 0.0 when rate is not null then se end as progress_se,
    case when rate is not null then abandon_rate end as abandon_rate
from estimated
