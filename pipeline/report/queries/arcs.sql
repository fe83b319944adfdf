-- One row per pair of stages: moves between them, as a share of all that leaves the first.
select
    map_name,
    from_node,
    to_node,
    transitions,
    journeys,
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
    ) as leaving
from transitions
where level = 'stage' and not is_repeat
order by map_name, from_node, to_node
