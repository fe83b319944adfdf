"""Journeys as a graph that is asked: of which journeys, at which level and cut, of which nodes."""

from __future__ import annotations

from .asking import journey_graph
from .measuring import measured_edges, measured_nodes

__all__ = ["journey_graph", "measured_edges", "measured_nodes"]
