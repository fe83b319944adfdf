"""Which nodes units come through, how often they come back, and what none can do without."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping
from typing import Any

import networkx as nx

SUPPORT = 0.01
"""Share of the units that an edge must have for a way to lead over it."""


def reach(graph: nx.DiGraph) -> dict[Hashable, float]:
    """Return per real node the share of units (mostly journeys) that visit it, NaN if unknown.

    The denominator is the units that begin at (start): those that have any node.
    """
    total = units_of(graph)
    return {
        node: _units(data) / total if total and _units(data) is not None else math.nan
        for node, data in _real(graph)
    }


def returns(graph: nx.DiGraph) -> dict[Hashable, float]:
    """Return per real node how often units came back to it after having been elsewhere.

    Visits, less the repeats (straight from the node to itself), less the first visit of each unit.
    """
    found: dict[Hashable, float] = {}
    for node, data in _real(graph):
        units: Any = _units(data)
        visits: Any = data.get("visits")
        repeats = graph.edges[node, node]["transitions"] if graph.has_edge(node, node) else 0
        known = None not in (units, visits)
        found[node] = float(visits - repeats - units) if known else math.nan
    return found


def dominators(
    graph: nx.DiGraph, goals: Collection[Hashable] | None = None, *, support: float = SUPPORT
) -> tuple[dict[Hashable, Hashable], set[Hashable] | None]:
    """Return the immediate dominator per real node, and the nodes that lead to the goal alone.

    The immediate dominator of a node is the last one that every way from (start) to it comes
    through; nodes that no way leads to have none. The second are the nodes that every way from
    (start) to a goal comes through, the goal itself included where there is one; None where there
    is no goal or no way. A way leads over edges that a share of `support` of all units take.
    `goals` None: the nodes marked `is_goal`.
    """
    starts = [node for node, kind in graph.nodes(data="kind") if kind == "start"]
    total = units_of(graph)
    if not starts or not total:
        return {}, None
    if goals is None:
        goals = [node for node, is_goal in graph.nodes(data="is_goal") if is_goal]
    ways = nx.DiGraph()
    ways.add_nodes_from(graph)
    ways.add_edges_from(
        (a, b)
        for a, b, data in graph.edges(data=True)
        if (_units(data) or data["transitions"]) >= support * total
    )
    aim = object()
    ways.add_edges_from((goal, aim) for goal in goals if goal in ways)
    found: dict[Hashable, Hashable] = nx.immediate_dominators(ways, starts[0])
    needed = None
    if aim in found:
        needed, node = set(), found[aim]
        while node != starts[0]:
            needed.add(node)
            node = found[node]
    return {node: found[node] for node, _ in _real(graph) if node in found}, needed


def units_of(graph: nx.DiGraph) -> int:
    """Return how many units the graph is of: those that begin at (start)."""
    return sum(
        data["transitions"]
        for a, _, data in graph.edges(data=True)
        if graph.nodes[a].get("kind") == "start"
    )


def _units(data: Mapping[str, Any]) -> Any:
    """Units of a node or an edge; tables of a run call them journeys."""
    return data.get("units", data.get("journeys"))


def _real(graph: nx.DiGraph) -> list[tuple[Hashable, Mapping[str, Any]]]:
    return [
        (node, data) for node, data in graph.nodes(data=True) if data.get("kind", "real") == "real"
    ]
