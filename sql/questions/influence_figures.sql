-- One row per touchpoint: who goes on to the goal after a touch there, beside who does after another in its place.
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   exposed        bigint   first touches there
--   compared       bigint   of them, those in a stratum that has others, too
--   controls       bigint   the others in these strata
--   exposed_sum    double   see influence_sums
--   control_sum    double   see there
--   weight         double   see there
--   squares        double   see influence_errors
--   ratio_squares  double   see there
--   reaching       bigint   journeys that are over and met it before the goal
--   reaching_converted  bigint  of them, those that reach the goal
--   journeys       bigint   journeys that are over
--   converted      bigint   of them, those that reach the goal
with

reached as (

    select
        touchpoint_no,
        cast(sum(journeys) as bigint) as journeys,
        cast(sum(converted) as bigint) as converted
    from influence_reach
    group by touchpoint_no

)

select
    summed.touchpoint_no,
    summed.exposed,
    summed.compared,
    summed.controls,
    summed.exposed_sum,
    summed.control_sum,
    summed.weight,
    error.squares,
    error.ratio_squares,
    coalesce(own.journeys, 0) as reaching,
    coalesce(own.converted, 0) as reaching_converted,
    every.journeys,
    every.converted
from influence_sums as summed
inner join reached as every on every.touchpoint_no is null
left join reached as own on own.touchpoint_no = summed.touchpoint_no
left join influence_errors as error on error.touchpoint_no = summed.touchpoint_no
