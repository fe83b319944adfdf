-- One row: how many journeys and touches are compared.
--
-- grain:    journeys
-- columns:
--   journeys  bigint  journeys that the question is about
--   seen      bigint  of them, those that were seen from their beginning
--   touches   bigint  touches of these that might have led to the goal and were followed for L
--   converts  bigint  of them, those that the goal follows within L
with

seen as (

    select count(*) as journeys
    from influence_journeys

),

touched as (

    select sum(touches) as touches, sum(converts) as converts
    from influence_parts
    where touchpoint_no is null

)

select
    count(*) as journeys,
    coalesce(max(seen.journeys), 0) as seen,
    cast(coalesce(max(touched.touches), 0) as bigint) as touches,
    cast(coalesce(max(touched.converts), 0) as bigint) as converts
from scoped_journeys
cross join seen
cross join touched
