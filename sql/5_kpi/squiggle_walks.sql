-- One row per walk that is measured as one, segment that it is measured in, and span of populations.
--
-- A walk is a journey; or what the journeys of a population do within a session; or all that they do
-- for a customer, one after the other. What one journey does alone is the same walk in every population
-- that the journey is in; what several do together is a walk of its own in each. In a segment, sessions
-- and customers are what the journeys of one value do. All journeys, as in segmented_journeys, are written
-- apart: so what is done alone is found once for all segments.
--
-- kind:     view
-- grain:    map_no, cut, segment_no, value_no, customer_no, walk_no, first_population_no
-- columns:
--   map_no               integer  map
--   cut                  varchar  journey, session or customer
--   segment_no           integer  segment; 0: all
--   value_no             integer  value, as in segment_values
--   customer_no          integer  customer
--   walk_no              integer  journey_no, session_no or 0
--   first_population_no  integer  it is a walk of the populations from this one
--   last_population_no   integer  up to this one
--   path_no              bigint   path of stages; NULL: no journey
--   staged_steps         bigint   steps that have a stage
--   touched_stages       bigint   stages with a step, as bits: 2 to the power of stage_no for each
--   total_variation      bigint   stage movement
--   back_distance        bigint   part of the movement that went back; NULL: no journey
--   progress             bigint   furthest stage less first stage
--   moves                bigint   changes of stage
--   back_moves           bigint   changes to an earlier stage
--   skip_moves           bigint   changes forward by more than one stage
with

alone as (

    select
        fact.map_no,
        'journey' as cut,
        fact.customer_no,
        fact.journey_no as walk_no,
        fact.journey_no,
        fact.standing,
        path.path_no,
        fact.staged_steps,
        fact.touched_stages,
        fact.total_variation,
        fact.back_distance,
        cast(fact.furthest_stage_no - fact.first_stage_no as bigint) as progress,
        fact.moves,
        fact.back_moves,
        fact.skip_moves
    from journey_facts as fact
    inner join journey_paths as path
        on path.map_no = fact.map_no
        and path.customer_no = fact.customer_no
        and path.journey_no = fact.journey_no
    where fact.staged_steps > 0
    union all
    select
        piece.map_no,
        piece.cut,
        piece.customer_no,
        piece.walk_no,
        piece.journey_no,
        journey.standing,
        cast(null as bigint),
        piece.staged_steps,
        piece.touched_stages,
        piece.total_variation,
        cast(null as bigint),
        cast(piece.furthest_stage_no - piece.first_stage_no as bigint),
        piece.moves,
        piece.back_moves,
        piece.skip_moves
    from walk_pieces as piece
    inner join journey_facts as journey
        on journey.map_no = piece.map_no
        and journey.customer_no = piece.customer_no
        and journey.journey_no = piece.journey_no
    left join shared_walks as shared
        on shared.map_no = piece.map_no
        and shared.cut = piece.cut
        and shared.segment_no = 0
        and shared.population_no = 1
        and shared.customer_no = piece.customer_no
        and shared.walk_no = piece.walk_no
    where shared.walk_no is null

)

select
    map_no,
    cut,
    0 as segment_no,
    0 as value_no,
    customer_no,
    walk_no,
    1 as first_population_no,
    standing as last_population_no,
    path_no,
    staged_steps,
    touched_stages,
    total_variation,
    back_distance,
    progress,
    moves,
    back_moves,
    skip_moves
from alone
union all
select
    alone.map_no,
    alone.cut,
    own.segment_no,
    own.value_no,
    alone.customer_no,
    alone.walk_no,
    1,
    alone.standing,
    alone.path_no,
    alone.staged_steps,
    alone.touched_stages,
    alone.total_variation,
    alone.back_distance,
    alone.progress,
    alone.moves,
    alone.back_moves,
    alone.skip_moves
from alone
inner join journey_segments as own
    on own.map_no = alone.map_no
    and own.customer_no = alone.customer_no
    and own.journey_no = alone.journey_no
union all
select
    map_no,
    cut,
    segment_no,
    value_no,
    customer_no,
    walk_no,
    population_no,
    population_no,
    cast(null as bigint),
    staged_steps,
    touched_stages,
    total_variation,
    cast(null as bigint),
    progress,
    moves,
    back_moves,
    skip_moves
from shared_walks
