"""Rows that are laid where a model would be: one map, one segment, columns named once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = list[dict[str, Any]]
MAPS = [{"map_no": 1, "map_name": "m"}]


def keyed(columns: str, rows: Sequence[Sequence[Any]], **more: Any) -> Rows:
    """Rows of a table of map 1, their columns named once."""
    return [{"map_no": 1, **more, **dict(zip(columns.split(), row, strict=True))} for row in rows]


_SHOWN = "segment_no value_no shown_no segment shown"
ALL = keyed(_SHOWN, [(0, 0, 0, "all", "all")], values=1)
WAYS = [*ALL, *keyed(_SHOWN, [(2, 1, 1, "way", "ads"), (2, 2, 2, "way", "mail")], values=1)]
