"""Two groups of journeys beside each other: figures, mix against rate, the graph's differences."""

from __future__ import annotations

from .asking import Comparison, compare, rest_of

__all__ = ["Comparison", "compare", "rest_of"]
