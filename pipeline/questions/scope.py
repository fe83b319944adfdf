"""Which journeys a question is about: a map, values of segments, outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import DataError, nearest
from ..warehouse import Warehouse
from .answering import Rows, chosen_map

OUTCOMES = ("converted", "dropped_explicit", "dropped_silent", "open")


@dataclass(frozen=True)
class Scope:
    """The journeys of a map that have one of the values in each segment, and one of the outcomes.

    `map_name` None is the first map; `segments` are names and values of the table
    `segment_values`, for instance {"period": ["2026-01", "2026-02"]}; `outcomes` may also say
    "dropped" for both ways; none means all.
    """

    map_name: str | None = None
    segments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outcomes: Sequence[str] = ()


def scope_rows(warehouse: Warehouse, *groups: Scope) -> Rows:
    """Return the rows of `asked_scope`, `asked_values` and `asked_outcomes` for groups of journeys.

    Raises DataError for a map, a segment, a value or an outcome that does not exist.
    """
    known: dict[str, dict[str, tuple[int, int]]] = {}
    for segment, value, segment_no, value_no in warehouse.rows(
        "select segment, value, segment_no, value_no from segment_values order by all"
    ):
        known.setdefault(segment, {})[value] = (segment_no, value_no)
    scopes, values, outcomes = [], [], []
    for group_no, group in enumerate(groups, start=1):
        map_no, _ = chosen_map(warehouse, group.map_name)
        named = _outcomes(group.outcomes)
        asked = {key: listed for key, listed in group.segments.items() if key != "all"}
        scopes.append((group_no, map_no, len(asked), len(named)))
        outcomes += [(group_no, status) for status in named]
        for segment, listed in asked.items():
            if segment not in known:
                raise DataError(f"{segment!r}: there is no such segment; {nearest(segment, known)}")
            for value in dict.fromkeys(listed):
                if value not in known[segment]:
                    hint = nearest(value, known[segment])
                    raise DataError(f"{segment}={value}: there is no such value; {hint}")
                values.append((group_no, *known[segment][value]))
    return {"asked_scope": scopes, "asked_values": values, "asked_outcomes": outcomes}


def _outcomes(named: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in named:
        if name == "dropped":
            found |= dict.fromkeys(("dropped_explicit", "dropped_silent"))
        elif name in OUTCOMES:
            found[name] = None
        else:
            raise DataError(
                f"{name!r}: there is no such outcome; {nearest(name, (*OUTCOMES, 'dropped'))}"
            )
    return list(found)
