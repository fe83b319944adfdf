-- One row per finding of the quality register and map: the main figures with the journeys it touches,
-- and without them.
--
-- Figures are read from the journeys that are over; for journeys that may still go on, from all. A
-- difference says how much a figure leans on what was found, not how wrong it is.
--
-- grain:    finding, subject, map_name
-- columns:
--   finding             varchar  what was found
--   subject             varchar  source, map or kind of customer that it was found in
--   map_name            varchar  map
--   journeys            bigint   journeys that it touches, of those that the figures are read from
--   of_journeys         bigint   journeys that the figures are read from
--   share               double   journeys / of_journeys
--   conversion_share    double   converted / of_journeys
--   conversion_without  double   the same, the touched journeys left out; NULL: none is left
--   conversion_effect   double   conversion_share - conversion_without
--   squiggle_index      double   1 - progress / stage movement; NULL: no movement
--   squiggle_without    double   the same, the touched journeys left out
--   squiggle_effect     double   squiggle_index - squiggle_without
with

read as (

    select
        map_no,
        customer_no,
        journey_no,
        is_closed,
        case when status = 'converted' then 1 else 0 end as converted,
        total_variation,
        furthest_stage_no - first_stage_no as progress
    from journey_facts
    where staged_steps > 0

),

whole as (

    select
        map_no,
        false as is_open,
        count(*) as journeys,
        sum(converted) as converted,
        sum(total_variation) as total_variation,
        sum(progress) as progress
    from read
    where is_closed
    group by map_no
    union all
    select map_no, true, count(*), sum(converted), sum(total_variation), sum(progress)
    from read
    group by map_no

),

touched as (

    select
        touched.finding,
        touched.subject,
        touched.map_no,
        touched.finding = 'journeys that may still go on' as is_open,
        count(*) as journeys,
        sum(read.converted) as converted,
        sum(read.total_variation) as total_variation,
        sum(read.progress) as progress
    from touched_journeys as touched
    inner join read
        on read.map_no = touched.map_no
        and read.customer_no = touched.customer_no
        and read.journey_no = touched.journey_no
    where read.is_closed or touched.finding = 'journeys that may still go on'
    group by touched.finding, touched.subject, touched.map_no

),

compared as (

    select
        touched.finding,
        touched.subject,
        touched.map_no,
        touched.journeys,
        whole.journeys as of_journeys,
        whole.converted / cast(whole.journeys as double) as conversion_share,
        (whole.converted - touched.converted)
        / cast(nullif(whole.journeys - touched.journeys, 0) as double) as conversion_without,
        1 - whole.progress / cast(nullif(whole.total_variation, 0) as double) as squiggle_index,
        1 - (whole.progress - touched.progress)
        / cast(nullif(whole.total_variation - touched.total_variation, 0) as double) as squiggle_without
    from touched
    inner join whole on whole.map_no = touched.map_no and whole.is_open = touched.is_open

)

select
    compared.finding,
    compared.subject,
    map.map_name,
    compared.journeys,
    compared.of_journeys,
    compared.journeys / cast(compared.of_journeys as double) as share,
    compared.conversion_share,
    compared.conversion_without,
    compared.conversion_share - compared.conversion_without as conversion_effect,
    compared.squiggle_index,
    compared.squiggle_without,
    compared.squiggle_index - compared.squiggle_without as squiggle_effect
from compared
inner join cfg_maps as map on map.map_no = compared.map_no
order by compared.finding, compared.subject, compared.map_no
