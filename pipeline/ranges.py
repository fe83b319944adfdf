"""Ranges of numbers that rows are gone through in, so that what is held fits into memory."""

from __future__ import annotations

from itertools import pairwise

from .warehouse import Warehouse, quote

Ranges = list[tuple[int, int]]
"""First and last number of each range; together all numbers from 1 on."""


def ranges(built: Warehouse, table: str, column: str, events: int) -> Ranges:
    """Return ranges of a column's numbers with about so many events each.

    `table` has one row per event, and all numbers that there are.
    """
    asked = f"select count(*), coalesce(max({quote(column)}), 0) from {quote(table)}"
    rows, last = built.rows(asked)[0]
    count = max(1, round(rows / events))
    bounds = [last * number // count for number in range(count + 1)]
    return [(low + 1, high) for low, high in pairwise(bounds)]
