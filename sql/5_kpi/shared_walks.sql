-- One row per session or customer in which several journeys move, segment and population: their walk as one.
--
-- The journeys of the population follow one another; what lies between the end of one and the beginning of
-- the next is movement too.
--
-- kind:     working
-- ranges:   customer_no
-- grain:    map_no, cut, segment_no, value_no, customer_no, walk_no, population_no
-- columns:
--   map_no           integer  map
--   cut              varchar  session or customer
--   segment_no       integer  segment; 0: all
--   value_no         integer  value, as in segment_values
--   customer_no      integer  customer
--   walk_no          integer  session_no or 0
--   population_no    integer  population
--   staged_steps     bigint   steps that have a stage
--   touched_stages   bigint   stages with a step, as bits: 2 to the power of stage_no for each
--   total_variation  bigint   stage movement
--   progress         bigint   furthest stage less first stage
--   moves            bigint   changes of stage
--   back_moves       bigint   changes to an earlier stage
--   skip_moves       bigint   changes forward by more than one stage
with

shared as (

    select map_no, cut, customer_no, walk_no
    from walk_pieces
    group by map_no, cut, customer_no, walk_no
    having count(*) > 1

),

followed as (

    select
        piece.*,
        segment.segment_no,
        segment.value_no,
        journey.standing,
        last_value(piece.last_stage_no ignore nulls) over earlier as left_all,
        last_value(case when journey.standing >= 2 then piece.last_stage_no end ignore nulls) over earlier
            as left_closed,
        last_value(case when journey.standing >= 3 then piece.last_stage_no end ignore nulls) over earlier
            as left_headline
    from walk_pieces as piece
    inner join shared
        on shared.map_no = piece.map_no
        and shared.cut = piece.cut
        and shared.customer_no = piece.customer_no
        and shared.walk_no = piece.walk_no
    inner join journey_facts as journey
        on journey.map_no = piece.map_no
        and journey.customer_no = piece.customer_no
        and journey.journey_no = piece.journey_no
    inner join segmented_journeys as segment
        on segment.map_no = piece.map_no
        and segment.customer_no = piece.customer_no
        and segment.journey_no = piece.journey_no
    window earlier as (
        partition by
            piece.map_no, piece.cut, segment.segment_no, segment.value_no, piece.customer_no, piece.walk_no
        order by piece.journey_no
        rows between unbounded preceding and 1 preceding
    )

),

joined as (

    select
        followed.*,
        populations.population_no,
        case populations.population_no when 1 then left_all when 2 then left_closed else left_headline end
            as left_stage_no
    from followed
    inner join populations on populations.population_no <= followed.standing

)

select
    map_no,
    cut,
    segment_no,
    value_no,
    customer_no,
    walk_no,
    population_no,
    cast(sum(staged_steps) as bigint) as staged_steps,
    bit_or(touched_stages) as touched_stages,
    cast(sum(total_variation + coalesce(abs(first_stage_no - left_stage_no), 0)) as bigint) as total_variation,
    cast(max(furthest_stage_no) - max(case when left_stage_no is null then first_stage_no end) as bigint) as progress,
    cast(sum(moves + case when first_stage_no <> left_stage_no then 1 else 0 end) as bigint) as moves,
    cast(sum(back_moves + case when first_stage_no < left_stage_no then 1 else 0 end) as bigint) as back_moves,
    cast(sum(skip_moves + case when first_stage_no > left_stage_no + 1 then 1 else 0 end) as bigint) as skip_moves
from joined
group by map_no, cut, segment_no, value_no, customer_no, walk_no, population_no
