-- One row per listed loop, and per remainder of a length: its name.
--
-- grain:    map_no, level_no, moves, loop_no
-- columns:
--   map_no    integer  map
--   level_no  integer  1 touchpoint, 2 stage
--   moves     integer  0 return, 1 repeat, 2 to 4 moves round the cycle
--   loop_no   integer  rank of the loop; 0: all that are not listed
--   form      varchar  return, repeat, ping-pong or cycle
--   loop      varchar  its nodes, parted by " > ", the first again at the end; (other)
--   node      varchar  its first node; NULL for (other)
with

forms as (

    select 0 as moves, 'return' as form
    union all
    select 1, 'repeat'
    union all
    select 2, 'ping-pong'
    union all
    select 3, 'cycle'
    union all
    select 4, 'cycle'

),

numbered as (

    select map_no, level_no, moves, loop_no, node_1, node_2, node_3, node_4
    from listed_loops
    union all
    select map_no, level_no, moves, 0, 0, 0, 0, 0
    from listed_loops
    where loop_no = 1

)

select
    numbered.map_no,
    numbered.level_no,
    numbered.moves,
    numbered.loop_no,
    forms.form,
    case
        when first_node.node is null then '(other)'
        when numbered.moves = 0 then first_node.node || ' > … > ' || first_node.node
        else first_node.node
            || coalesce(' > ' || second_node.node, '')
            || coalesce(' > ' || third_node.node, '')
            || coalesce(' > ' || fourth_node.node, '')
            || ' > ' || first_node.node
    end as loop,
    first_node.node
from numbered
inner join forms on forms.moves = numbered.moves
left join node_names as first_node
    on first_node.map_no = numbered.map_no
    and first_node.level_no = numbered.level_no
    and first_node.node_no = nullif(numbered.node_1, 0)
left join node_names as second_node
    on second_node.map_no = numbered.map_no
    and second_node.level_no = numbered.level_no
    and second_node.node_no = nullif(numbered.node_2, 0)
left join node_names as third_node
    on third_node.map_no = numbered.map_no
    and third_node.level_no = numbered.level_no
    and third_node.node_no = nullif(numbered.node_3, 0)
left join node_names as fourth_node
    on fourth_node.map_no = numbered.map_no
    and fourth_node.level_no = numbered.level_no
    and fourth_node.node_no = nullif(numbered.node_4, 0)
