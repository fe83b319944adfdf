"""The one door to DuckDB: opening, asking, building beside and moving into place."""

from __future__ import annotations

from .asking import Warehouse
from .beside import building, clear_up, scratch
from .lanes import side_by_side
from .making import Making
from .names import among, literal, quote
from .opening import open_warehouse
from .ranges import Ranges, ranges, room

__all__ = [
    "Making",
    "Ranges",
    "Warehouse",
    "among",
    "building",
    "clear_up",
    "literal",
    "open_warehouse",
    "quote",
    "ranges",
    "room",
    "scratch",
    "side_by_side",
]
