"""The tables `transitions` and `nodes` as one NetworkX graph."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pandas as pd

from ..errors import DataError, ModelError

LEVEL_COLUMNS = ("map_name", "level")

Graph = nx.DiGraph
"""Nodes by their names; what the tables say of nodes and edges, as attributes."""


def transition_graph(transitions: pd.DataFrame, nodes: pd.DataFrame) -> nx.DiGraph:
    """Return the graph of one map and level: tables `transitions` and `nodes`, as they are.

    The tables `graph_edges` and `graph_nodes` of a question do as well.

    One node per row of `nodes`, named by its `node`; one edge per row of `transitions`. All
    other columns become attributes, a missing value None. The table `nodes` does not mark the
    goals: name them where `node_measures` or `simplify` is to know them. `(start)`, `(exit)`,
    `(open)` and `(other)` are nodes whose `kind` is not 'real'. `graph` holds `map_name` and
    `level`.

    Raises DataError for more than one map or level, ModelError for rows that do not fit.
    """
    about = {name: _only(nodes, name) for name in (*LEVEL_COLUMNS, "cut") if name in nodes}
    for name, value in about.items():
        if len(transitions) and _only(transitions, name) != value:
            raise DataError(f"transitions and nodes are not of the same {name}: {value!r}")
    twice = nodes.loc[nodes["node"].duplicated(), "node"].to_list()
    if twice:
        raise ModelError(f"nodes: two nodes have the same name: {twice[:5]}")
    if transitions.duplicated(["from_node", "to_node"]).any():
        raise ModelError("transitions: an edge stands there twice")
    unknown = (set(transitions["from_node"]) | set(transitions["to_node"])) - set(nodes["node"])
    if unknown:
        raise ModelError(f"transitions: not in nodes: {sorted(unknown)[:5]}")

    graph = nx.DiGraph(**about)
    ordered = nodes.sort_values([name for name in ("node_no", "node") if name in nodes])
    for row in _records(ordered):
        graph.add_node(row.pop("node"), **row)
    place = {node: number for number, node in enumerate(graph)}
    for row in sorted(
        _records(transitions), key=lambda edge: (place[edge["from_node"]], place[edge["to_node"]])
    ):
        graph.add_edge(row.pop("from_node"), row.pop("to_node"), **row)
    return graph


def real_moves(graph: nx.DiGraph) -> nx.DiGraph:
    """Return the graph of the real nodes and the moves between two different ones.

    Left out are `(start)`, `(exit)`, `(open)`, `(other)` and the repeats.
    """
    moves = nx.DiGraph(**graph.graph)
    # Copied in order: a subgraph view would list them in the order of a set.
    moves.add_nodes_from(
        (node, data) for node, data in graph.nodes(data=True) if data.get("kind", "real") == "real"
    )
    moves.add_edges_from(
        (a, b, data)
        for a, b, data in graph.edges(data=True)
        if a != b and a in moves and b in moves and data["transitions"]
    )
    return moves


def _only(frame: pd.DataFrame, name: str) -> Any:
    """Return the one value of a column that must not vary, None where there are no rows."""
    values = frame[name].unique().tolist()
    if len(values) > 1:
        raise DataError(f"a graph is of one {name}; choose one of {sorted(values)}")
    return values[0] if values else None


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of plain Python values, None where a value is missing."""
    plain = {}
    for name in frame.columns:
        values = frame[name].astype(object).where(frame[name].notna(), None).to_list()
        if str(name).endswith("_no"):  # an ordinal with gaps arrives as a float
            values = [value if value is None else int(value) for value in values]
        plain[str(name)] = [
            value.isoformat() if hasattr(value, "isoformat") else value for value in values
        ]
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]
