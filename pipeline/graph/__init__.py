"""Journeys as a graph: tables of moves → NetworkX graph → measures, or a file for other tools."""

from __future__ import annotations

from .build import real_moves, transition_graph
from .files import write_graph
from .measures import graph_measures, incoherence, node_measures, trophic_levels
from .order import found_levels, heights, order_fit

__all__ = [
    "found_levels",
    "graph_measures",
    "heights",
    "incoherence",
    "node_measures",
    "order_fit",
    "real_moves",
    "transition_graph",
    "trophic_levels",
    "write_graph",
]
