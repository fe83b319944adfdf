"""Ranges of numbers that rows are gone through in, so that what is held fits into memory."""

from __future__ import annotations

from itertools import pairwise

from .asking import Warehouse
from .names import quote
from .space import bytes_of

Ranges = list[tuple[int, int]]
"""First and last number of each range; together all numbers from 1 on."""


EVENT_BYTES = 512
"""Memory for each event that is read at once: far more than its rows take, so that all fits."""


def room(built: Warehouse) -> int:
    """Return how many events may be read at once within the memory limit."""
    return bytes_of(str(built.scalar("select current_setting('memory_limit')"))) // EVENT_BYTES


def ranges(built: Warehouse, table: str, column: str, events: int) -> Ranges:
    """Return ranges of a column's numbers with about so many events each.

    `table` has one row per event, and all numbers that there are.
    """
    asked = f"select count(*), coalesce(max({quote(column)}), 0) from {quote(table)}"
    rows, last = built.rows(asked)[0]
    count = max(1, round(rows / events))
    bounds = [last * number // count for number in range(count + 1)]
    return [(low + 1, high) for low, high in pairwise(bounds)]
