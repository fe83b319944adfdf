"""Asking a warehouse for a funnel: rows in, plain SELECTs, frames out."""

from __future__ import annotations

from ..questions import answer
from ..warehouse import Warehouse
from .asking import funnel_rows
from .definition import Funnel
from .result import FunnelResult, read_result

TABLES = ("funnel_counts", "funnel_spells", "funnel_departures", "funnel_outsiders")


def funnel(warehouse: Warehouse, asked: Funnel, *, most: int = 100) -> FunnelResult:
    """Return how far units get in a funnel; `most` customers are listed per step and status.

    Raises DataError where a step, a rule or a scope makes no sense for this warehouse.
    """
    answer(warehouse, TABLES, funnel_rows(warehouse, [asked]))
    return read_result(warehouse, 1, most=most)
