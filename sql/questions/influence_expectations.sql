-- One row per touchpoint and stratum with both arms: what a touch weighs, and what is expected of it.
--
-- By the difference, and by the ratio, of all strata together: the share of a stratum's own arm says nothing of
-- chance where the arm is one touch. The weights make up for that a touch is a part of the mean of its stratum.
--
-- grain:    touchpoint_no, stratum_no
-- columns:
--   touchpoint_no    integer  touchpoint
--   stratum_no       bigint   stratum
--   exposed_weight   double   n0 / n * sqrt(n / (n - 1))
--   control_weight   double   n1 / n * sqrt(n / (n - 1))
--   exposed_mean     double   share of first touches that the goal is to follow, by the difference
--   control_mean     double   share of the others
--   ratio            double   ratio of the chances; NULL: none of the others is followed
--   control_share    double   share of the others, by the ratio
with

shared as (

    select
        stratum.touchpoint_no,
        stratum.stratum_no,
        cast(stratum.exposed as double) / (stratum.exposed + stratum.controls) as exposed_share,
        cast(stratum.controls as double) / (stratum.exposed + stratum.controls) as controls_share,
        sqrt(
            cast(stratum.exposed + stratum.controls as double) / (stratum.exposed + stratum.controls - 1)
        ) as correction,
        cast(stratum.exposed_converts + stratum.control_converts as double)
        / (stratum.exposed + stratum.controls) as mean,
        (summed.exposed_sum - summed.control_sum) / summed.weight as difference,
        summed.exposed_sum / nullif(summed.control_sum, 0) as ratio
    from influence_strata as stratum
    inner join influence_sums as summed on summed.touchpoint_no = stratum.touchpoint_no
    where stratum.controls > 0

)

select
    touchpoint_no,
    stratum_no,
    controls_share * correction as exposed_weight,
    exposed_share * correction as control_weight,
    mean + difference * controls_share as exposed_mean,
    mean - difference * exposed_share as control_mean,
    ratio,
    mean / (exposed_share * ratio + controls_share) as control_share
from shared
