"""Journeys as a graph: tables of moves → NetworkX graph → measures, or a file for other tools."""

from __future__ import annotations

from .build import Graph, real_moves, transition_graph
from .files import write_graph
from .measures import entropy_rate, graph_measures, incoherence, node_measures, trophic_levels
from .order import found_levels, heights, order_fit
from .reach import dominators, reach, returns, units_of
from .simplify import simplify

__all__ = [
    "Graph",
    "dominators",
    "entropy_rate",
    "found_levels",
    "graph_measures",
    "heights",
    "incoherence",
    "node_measures",
    "order_fit",
    "reach",
    "real_moves",
    "returns",
    "simplify",
    "transition_graph",
    "trophic_levels",
    "units_of",
    "write_graph",
]
