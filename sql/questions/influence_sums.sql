-- One row per touchpoint: its strata added up by Mantel and Haenszel; n is n1 + n0 of a stratum.
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   exposed        bigint   first touches there
--   compared       bigint   of them, those in a stratum that has others, too
--   controls       bigint   the others in these strata
--   exposed_sum    double   sum of a * n0 / n
--   control_sum    double   sum of c * n1 / n
--   weight         double   sum of n1 * n0 / n
select
    touchpoint_no,
    cast(sum(exposed) as bigint) as exposed,
    cast(sum(case when controls > 0 then exposed else 0 end) as bigint) as compared,
    cast(sum(controls) as bigint) as controls,
    sum(cast(exposed_converts as double) * controls / (exposed + controls)) as exposed_sum,
    sum(cast(control_converts as double) * exposed / (exposed + controls)) as control_sum,
    sum(cast(exposed as double) * controls / (exposed + controls)) as weight
from influence_strata
group by touchpoint_no
