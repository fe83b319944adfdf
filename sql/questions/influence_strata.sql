-- One row per touchpoint and stratum in which it was touched: first touches there beside others that came before one.
--
-- grain:    touchpoint_no, stratum_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   stratum_no     bigint   stratum
--   exposed        bigint   n1: first touches at the touchpoint
--   exposed_converts  bigint  a: of them, those that the goal follows
--   controls       bigint   n0: touches elsewhere, in journeys that have not yet been there
--   control_converts  bigint  c: of them, those that the goal follows
with

summed as (

    select
        touchpoint_no,
        stratum_no,
        cast(sum(exposed) as bigint) as exposed,
        cast(sum(exposed_converts) as bigint) as exposed_converts,
        cast(sum(touches) as bigint) as touches,
        cast(sum(converts) as bigint) as converts
    from influence_parts
    group by touchpoint_no, stratum_no

)

select
    own.touchpoint_no,
    own.stratum_no,
    own.exposed,
    own.exposed_converts,
    every.touches - own.touches as controls,
    every.converts - own.converts as control_converts
from summed as own
inner join summed as every on every.stratum_no = own.stratum_no and every.touchpoint_no is null
where own.exposed > 0
