"""Questions asked of a built warehouse: a few rows of settings, and a chain of plain SELECTs."""

from __future__ import annotations

from .answering import answer, chosen_map
from .scope import Scope, scope_rows

__all__ = ["Scope", "answer", "chosen_map", "scope_rows"]
