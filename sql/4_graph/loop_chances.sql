-- One row per listed cycle: how likely a walk that forgets where it came from goes round it.
--
-- The product of the shares of its moves, each among all moves from its node to another one or out.
-- Open journeys have not left yet and do not count; repeats are no moves here.
--
-- grain:    map_no, level_no, moves, loop_no
-- columns:
--   map_no        integer  map
--   level_no      integer  1 touchpoint, 2 stage
--   moves         integer  moves round the cycle, 2 to 4
--   loop_no       integer  rank of the loop
--   chain_chance  double   0 to 1
with

left_by as (

    select map_no, level_no, from_no, to_no, transitions
    from move_counts
    where from_no <> to_no and from_no > 0 and to_no <> -3 and level_no < 3

),

shared as (

    select
        map_no,
        level_no,
        from_no,
        to_no,
        transitions / cast(sum(transitions) over (partition by map_no, level_no, from_no) as double) as chance
    from left_by

)

select
    listed.map_no,
    listed.level_no,
    listed.moves,
    listed.loop_no,
    first_move.chance * second_move.chance * coalesce(third_move.chance, 1) * coalesce(fourth_move.chance, 1)
    as chain_chance
from listed_loops as listed
inner join shared as first_move
    on first_move.map_no = listed.map_no
    and first_move.level_no = listed.level_no
    and first_move.from_no = listed.node_1
    and first_move.to_no = listed.node_2
inner join shared as second_move
    on second_move.map_no = listed.map_no
    and second_move.level_no = listed.level_no
    and second_move.from_no = listed.node_2
    and second_move.to_no = case listed.moves when 2 then listed.node_1 else listed.node_3 end
left join shared as third_move
    on third_move.map_no = listed.map_no
    and third_move.level_no = listed.level_no
    and third_move.from_no = listed.node_3
    and third_move.to_no = case listed.moves when 3 then listed.node_1 else listed.node_4 end
left join shared as fourth_move
    on fourth_move.map_no = listed.map_no
    and fourth_move.level_no = listed.level_no
    and fourth_move.from_no = listed.node_4
    and fourth_move.to_no = listed.node_1
where listed.moves >= 2
