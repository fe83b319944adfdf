"""Questions asked of a built warehouse: a few rows of settings, and a chain of plain SELECTs."""

from __future__ import annotations

from .answering import Rows, answer, chosen_map, read_for
from .graph import CUTS, graph_rows
from .lengths import at_least, length
from .matching import expressed
from .naming import named_touchpoints, unmet_names
from .ready import ready_sql
from .scope import OUTCOMES, Scope, scope_rows

__all__ = [
    "CUTS",
    "OUTCOMES",
    "Rows",
    "Scope",
    "answer",
    "at_least",
    "chosen_map",
    "expressed",
    "graph_rows",
    "length",
    "named_touchpoints",
    "read_for",
    "ready_sql",
    "scope_rows",
    "unmet_names",
]
