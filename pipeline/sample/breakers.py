"""The truly broken lines: per system, the reason for refusal and how a good line becomes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Breaker = tuple[str, Callable[[Any], Any]]

BAD_TIME, NO_TIME = "unparsable_time", "missing_time"
NO_EVENT, BAD_WIDTH, BAD_JSON = "empty_event", "wrong_column_count", "malformed_json"


def _cell(column: int, value: str) -> Callable[[list[str]], list[str]]:
    return lambda cells: _renamed([*cells[:column], value, *cells[column + 1 :]], column)


def _renamed(cells: list[str], broken: int) -> list[str]:
    """A line of its own id where the first cell is one, so that it repeats no good line."""
    return cells if broken == 0 else [f"x{cells[0]}", *cells[1:]]


def _shorter(cells: list[str]) -> list[str]:
    return _renamed(cells[:-2], 1)


def _longer(cells: list[str]) -> list[str]:
    return _renamed([*cells, "overflow"], 1)


def _field(key: str, value: object) -> Callable[[dict[str, object]], dict[str, object]]:
    first = {"id": "xm", "order_id": "xO"}
    return lambda fields: {
        name: value if name == key else f"{first[name]}{old}" if name in first else old
        for name, old in fields.items()
    }


BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "web": (
        (BAD_TIME, _cell(1, "2026-02-30T25:61:00Z")),
        (BAD_TIME, _cell(1, "yesterday")),
        (BAD_TIME, _cell(1, "#VALUE!")),
        (BAD_WIDTH, _shorter),
        (BAD_WIDTH, _longer),
        (NO_EVENT, _cell(5, "")),
        (NO_EVENT, _cell(5, "   ")),
        (NO_EVENT, _cell(5, "")),
    ),
    "email": (
        # A writer that died in mid-line: the text is cut when it is written.
        (BAD_JSON, _field("id", "xm-cut-1")),
        (BAD_JSON, _field("id", "xm-cut-2")),
        (NO_TIME, _field("ts", None)),
        (NO_EVENT, _field("type", "")),
    ),
    "ads": (
        (BAD_TIME, _cell(0, "31/02/2026 10:00:00")),
        (BAD_TIME, _cell(0, "03-14-2026 9am")),
        (BAD_WIDTH, lambda cells: cells[:-1]),
    ),
    "shop": ((NO_TIME, _field("changed_at", None)), (NO_EVENT, _field("status", ""))),
    "support": ((BAD_TIME, _cell(2, "2026-04-31 10:00")), (BAD_WIDTH, _longer)),
    "survey": ((BAD_TIME, _cell(1, "n. d.")), (BAD_WIDTH, _shorter)),
}
