-- One row per pair of touchpoints: how often the second follows the first. The 16 most visited
-- touchpoints of a map keep their names; the others are folded into (other), none is left out.
with

ranked as (

    select
        map_name,
        node,
        coalesce(stage_no, 1000) as stage_no,
        visits,
        row_number() over (partition by map_name order by visits desc, node) as place
    from nodes
    where level = 'touchpoint' and kind = 'real'

),

named as (

    select
        map_name,
        node,
        case when place <= 16 then node else '(other)' end as shown,
        case
            when place <= 16 then dense_rank() over (
                partition by map_name, place <= 16
                order by stage_no, place
            )
            else 17
        end as place
    from ranked

),

folded as (

    select
        moved.map_name,
        coalesce(here.shown, moved.from_node) as from_node,
        coalesce(here.place, 0) as from_order,
        coalesce(next.shown, moved.to_node) as to_node,
        coalesce(next.place, case moved.to_node when '(exit)' then 18 else 19 end) as to_order,
        sum(moved.transitions) as transitions
    from transitions as moved
    left join named as here
        on here.map_name = moved.map_name and here.node = moved.from_node
    left join named as next
        on next.map_name = moved.map_name and next.node = moved.to_node
    where moved.level = 'touchpoint'
    group by all

)

select
    map_name,
    from_node,
    to_node,
    cast(transitions as bigint) as transitions,
    transitions
    / sum(transitions) over (
        partition by map_name, from_node
        rows between unbounded preceding and unbounded following
    ) as share,
    cast(
        sum(transitions) over (
            partition by map_name, from_node
            rows between unbounded preceding and unbounded following
        ) as bigint
    ) as visits,
    from_order,
    to_order
from folded
order by map_name, from_order, to_order
