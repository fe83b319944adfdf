"""A question's graph: asked of the warehouse, given as NetworkX has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph import Graph, transition_graph
from ..questions import Scope, answer, at_least, chosen_map, graph_rows
from ..warehouse import Warehouse


def journey_graph(
    warehouse: Warehouse,
    scope: Scope | None = None,
    *,
    level: str = "touchpoint",
    cut: str = "journey",
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    top: int | None = None,
    bridged: bool = True,
) -> Graph:
    """Return the graph of the journeys in the scope, of all journeys where none is given.

    `level` is touchpoint, stage or channel. `cut` says what is walked through in one go, and so
    what `units` counts: journey, session or customer. `keep` and `drop` name nodes, at the level of
    touchpoints also stages. Steps at other nodes are led over, and counted in `skipped`, or are the
    node (other) where not `bridged`. `top` keeps so many nodes, those with the most visits, and
    folds the rest into (other); (start), (exit) and (open) always stay.

    Nodes and edges have the columns of the tables `graph_nodes` and `graph_edges` as attributes;
    `graph.graph` has the row of `graph_totals`, which says what was led over, folded or left out.
    Raises DataError for a level, cut, name or scope that does not exist.
    """
    asked: dict[str, Any] = {"level": level, "cut": cut, "bridged": bridged}
    at_least(1, top, "top")
    scope = scope or Scope()
    names = ("graph_edges", "graph_nodes", "graph_totals")
    answer(warehouse, names, graph_rows(warehouse, scope, keep=keep, drop=drop, **asked))
    if top is not None and (fold := _beyond(warehouse, top)):
        rows = graph_rows(warehouse, scope, keep=keep, drop=drop, fold=fold, **asked)
        answer(warehouse, names, rows)
    edges, nodes, totals = (
        warehouse.frame(f"select * exclude (group_no) from {name}") for name in names
    )
    graph = transition_graph(edges, nodes)
    # Where nothing is left, no row says of what.
    _, map_name = chosen_map(warehouse, scope.map_name)
    graph.graph |= {"map_name": map_name, "level": level, "cut": cut}
    row = totals.iloc[0].to_dict()
    for name, value in row.items():
        graph.graph[name] = value.item() if hasattr(value, "item") else value
    return graph


def _beyond(warehouse: Warehouse, top: int) -> list[str]:
    """The nodes that are not among the most visited."""
    ranked = warehouse.rows(
        "select node from graph_nodes where kind = 'real' order by visits desc, node_no"
    )
    return [node for (node,) in ranked[top:]]
