-- One row per journey: how straight it is.
--
-- Squiggle index SI = 1 - progress / total variation: the share of all stage movement that was detour.
-- 0 is a straight line, skips forward included; towards 1 it is a tangle.
--
-- kind:     view
-- grain:    map_no, journey_id
-- columns:
--   map_no           integer  map
--   map_name         varchar  its name
--   journey_id       varchar  journey
--   total_variation  bigint   stage movement: sum of the distances between neighbouring stages
--   progress         bigint   furthest stage less first stage
--   back_distance    bigint   part of the movement that went back
--   moves            bigint   changes of stage
--   forward_moves    bigint   changes to a later stage
--   back_moves       bigint   changes to an earlier stage
--   skip_moves       bigint   changes forward by more than one stage
--   revisits         bigint   visits to a stage where the journey had been before
--   squiggle_index   double   0 to 1; NULL: the journey never changed stage
--   is_straight      boolean  whether it never went back; NULL: the journey never changed stage
with

returned as (

    select
        map_no,
        customer_no,
        journey_no,
        count(case when not is_first_visit then 1 end) as revisits
    from stage_visits
    group by map_no, customer_no, journey_no

)

select
    fact.map_no,
    map.map_name,
    customer.customer_id || '-' || fact.map_no || '-' || fact.journey_no as journey_id,
    fact.total_variation,
    cast(fact.furthest_stage_no - fact.first_stage_no as bigint) as progress,
    fact.back_distance,
    fact.moves,
    fact.moves - fact.back_moves as forward_moves,
    fact.back_moves,
    fact.skip_moves,
    returned.revisits,
    1 - (fact.furthest_stage_no - fact.first_stage_no) / cast(nullif(fact.total_variation, 0) as double) as squiggle_index,
    case
        when fact.total_variation > 0
            then fact.furthest_stage_no - fact.first_stage_no = fact.total_variation
    end as is_straight
from journey_facts as fact
inner join cfg_maps as map on map.map_no = fact.map_no
inner join numbered_customers as customer on customer.customer_no = fact.customer_no
inner join returned
    on returned.map_no = fact.map_no
    and returned.customer_no = fact.customer_no
    and returned.journey_no = fact.journey_no
