"""Journeys as a graph: tables of moves → NetworkX graph → measures, or a file for other tools."""

from __future__ import annotations

from .build import real_moves, transition_graph
from .files import write_graph
from .measures import graph_measures, incoherence, node_measures, trophic_levels

__all__ = [
    "graph_measures",
    "incoherence",
    "node_measures",
    "real_moves",
    "transition_graph",
    "trophic_levels",
    "write_graph",
]
