"""Which journeys a question is about: a map, values of segments, outcomes, patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import DataError, nearest
from ..patterns import Expression
from ..warehouse import Warehouse
from .answering import Rows, chosen_map
from .matching import expressed, expression_rows

OUTCOMES = ("converted", "dropped_explicit", "dropped_silent", "open")


@dataclass(frozen=True)
class Scope:
    """The journeys of a map with one of the values in each segment, an outcome, and every pattern.

    `map_name` None is the first map; `segments` are names and values of the table
    `segment_values`, for instance {"period": ["2026-01", "2026-02"]}; `outcomes` may also say
    "dropped" for both ways; none means all. `matching` are path patterns, as `paths.pattern` reads
    them: a journey matches every one.
    """

    map_name: str | None = None
    segments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outcomes: Sequence[str] = ()
    matching: Sequence[str] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it holds every journey of its map."""
        return not (self.segments or self.outcomes or self.matching)


def scope_rows(warehouse: Warehouse, *groups: Scope, asked: Expression | None = None) -> Rows:
    """Return the rows that `scoped_journeys` is asked with, for groups of journeys.

    With them go those of the pattern that is `asked` about, of the first group. Where there is no
    pattern at all, `pattern_spans` is given, without a row. Raises DataError for a map, a segment,
    a value, an outcome or a step that does not exist.
    """
    known: dict[str, dict[str, tuple[int, int]]] = {}
    for segment, value, segment_no, value_no in warehouse.rows(
        "select segment, value, segment_no, value_no from segment_values order by all"
    ):
        known.setdefault(segment, {})[value] = (segment_no, value_no)
    scopes, values, outcomes = [], [], []
    patterns = {(1, 0): asked} if asked is not None else {}
    for group_no, group in enumerate(groups, start=1):
        map_no, _ = chosen_map(warehouse, group.map_name)
        named = _outcomes(group.outcomes)
        chosen = {key: listed for key, listed in group.segments.items() if key != "all"}
        scopes.append((group_no, map_no, len(chosen), len(named), len(group.matching)))
        for pattern_no, text in enumerate(group.matching, start=1):
            patterns[group_no, pattern_no] = expressed(warehouse, text, map_no)
        outcomes += [(group_no, status) for status in named]
        for segment, listed in chosen.items():
            if segment not in known:
                raise DataError(f"{segment!r}: there is no such segment; {nearest(segment, known)}")
            for value in dict.fromkeys(listed):
                if value not in known[segment]:
                    hint = nearest(value, known[segment])
                    raise DataError(f"{segment}={value}: there is no such value; {hint}")
                values.append((group_no, *known[segment][value]))
    rows: Rows = expression_rows(patterns) if patterns else {"pattern_spans": []}
    return {**rows, "asked_scope": scopes, "asked_values": values, "asked_outcomes": outcomes}


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
