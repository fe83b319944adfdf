-- One row per journey: how straight it is.
--
-- Squiggle index SI = 1 - progress / total variation: the share of all stage movement that was detour.
-- 0 is a straight line, skips forward included; towards 1 it is a tangle (METHODS 2.2).
--
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

touched as (

    select
        map_no,
        customer_no,
        journey_no,
        count(case when is_touched then 1 end) as stages
    from journey_stages
    group by map_no, customer_no, journey_no

)

select
    journey.map_no,
    journey.map_name,
    journey.journey_id,
    sums.total_variation,
    cast(sums.furthest_stage_no - sums.first_stage_no as bigint) as progress,
    sums.back_distance,
    sums.moves,
    sums.moves - sums.back_moves as forward_moves,
    sums.back_moves,
    sums.skip_moves,
    sums.moves + 1 - touched.stages as revisits,
    1 - (sums.furthest_stage_no - sums.first_stage_no) / cast(nullif(sums.total_variation, 0) as double) as squiggle_index,
    case
        when sums.total_variation > 0
            then sums.furthest_stage_no - sums.first_stage_no = sums.total_variation
    end as is_straight
from journeys as journey
inner join journey_sums as sums
    on sums.map_no = journey.map_no
    and sums.customer_no = journey.customer_no
    and sums.journey_no = journey.journey_no
inner join touched
    on touched.map_no = journey.map_no
    and touched.customer_no = journey.customer_no
    and touched.journey_no = journey.journey_no
