"""Two groups of journeys beside each other: figures, mix against rate, the graph's differences."""

from __future__ import annotations

from .asking import Comparison, compare, rest_of
from .moves import GraphDifference, graph_difference

__all__ = ["Comparison", "GraphDifference", "compare", "graph_difference", "rest_of"]
