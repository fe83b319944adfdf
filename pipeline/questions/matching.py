"""Path patterns in a question: what the steps of a map are called, and the rows of the patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..patterns import Expression, Names, express, parse
from ..warehouse import Warehouse
from .naming import unmet_names

_TOUCHPOINTS = """
select role.touchpoint_no, named.touchpoint, stage.stage, role.is_goal
from touchpoint_roles as role
inner join touchpoint_names as named on named.touchpoint_no = role.touchpoint_no
left join cfg_map_stages as stage on stage.map_no = role.map_no and stage.stage_no = role.stage_no
where role.map_no = $map_no
order by role.touchpoint_no
"""


def expressed(warehouse: Warehouse, text: str, map_no: int) -> Expression:
    """Return a path pattern as an expression over the steps of a map.

    Raises DataError that points at the character where the pattern is wrong.
    """
    return express(parse(text), _names_of(warehouse, map_no))


def _names_of(warehouse: Warehouse, map_no: int) -> Names:
    """Return what the steps of a map may be called."""
    touchpoints = warehouse.rows(_TOUCHPOINTS, {"map_no": map_no})
    channels = warehouse.rows("select channel, channel_no from channels order by channel_no")
    return Names(
        touchpoints={name: number for number, name, _, _ in touchpoints},
        stages={number: stage for number, _, stage, _ in touchpoints},
        channels=dict(channels),
        goals=frozenset(number for number, _, _, is_goal in touchpoints if is_goal),
        unmet=unmet_names(warehouse),
    )


def expression_rows(
    patterns: Mapping[tuple[int, int], Expression],
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows that `pattern_spans` is asked with, by group and number of the pattern."""
    found: dict[str, list[tuple[Any, ...]]] = {
        name: []
        for name in (
            *("asked_pattern", "asked_pattern_musts", "asked_pattern_touchpoints"),
            *("asked_pattern_channels", "asked_pattern_symbols"),
        )
    }
    for key, one in patterns.items():
        musts = 2 ** len(one.musts) - 1
        found["asked_pattern"].append((*key, one.text, one.to_end, musts))
        found["asked_pattern_musts"] += [
            (*key, number, 2**place)
            for place, own in enumerate(one.musts)
            for number in sorted(own)
        ]
        found["asked_pattern_touchpoints"] += [(*key, *own) for own in one.touchpoints.items()]
        found["asked_pattern_channels"] += [(*key, *own) for own in one.channels.items()]
        found["asked_pattern_symbols"] += [
            (*key, *pair, letter) for pair, letter in sorted(one.symbols.items())
        ]
    return found
