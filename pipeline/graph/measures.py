"""What a graph of moves says: its ranks, its go-betweens, its core, and its direction."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import spsolve

from .build import LEVEL_COLUMNS, real_moves

# Above this many nodes × edges (about five seconds of work) betweenness is NULL.
BETWEENNESS_STEPS = 5_000_000


def node_measures(graph: nx.DiGraph) -> pd.DataFrame:
    """Return one row per real node of the graph, named by map_name, level and node.

    pagerank       0 to 1, sums to 1: where a walk along the moves is found that restarts
                   where journeys enter
    betweenness    0 to 1: share of the likeliest paths between two others that lead through
                   (a move costs −ln of its probability); NULL above BETWEENNESS_STEPS
    trophic_level  0 at the bottom: the order of the nodes that the moves themselves suggest
    is_in_core     belongs to the largest set of nodes that all lead to each other
    """
    moves = real_moves(graph)
    core = _core(moves)
    levels = trophic_levels(moves)
    ranks, between = _pagerank(graph, moves), _betweenness(graph, moves)
    rows = [
        {
            **{name: graph.graph.get(name) for name in LEVEL_COLUMNS},
            "node": node,
            "pagerank": ranks[node],
            "betweenness": between.get(node, math.nan),
            "trophic_level": levels[node],
            "is_in_core": node in core,
        }
        for node in moves
    ]
    names = ("node", "pagerank", "betweenness", "trophic_level", "is_in_core")
    return pd.DataFrame(rows, columns=[*LEVEL_COLUMNS, *names])


def graph_measures(graph: nx.DiGraph) -> pd.DataFrame:
    """Return one row for the whole graph, named by map_name and level.

    nodes, edges    real nodes, and pairs of them with a move
    moves           transitions between two different real nodes
    incoherence     0 when every move climbs one level, 1 when there is no direction at all
    core_nodes      size of the largest set of nodes that all lead to each other, 0 if none do
    core_share      share of the moves that stay inside it
    flow_hierarchy  share of the moves that no path ever leads back over: 1 without a cycle

    Repeats and virtual nodes are left out; shares are NULL where nothing moves.
    Source: Luo & Magee 2011 (flow hierarchy, by weight); MacKay, Johnson & Sansom 2020.
    """
    moves = real_moves(graph)
    core = _core(moves)
    total = moves.size(weight="transitions")
    inside = moves.subgraph(core).size(weight="transitions")
    row = {
        **{name: graph.graph.get(name) for name in LEVEL_COLUMNS},
        "nodes": moves.number_of_nodes(),
        "edges": moves.number_of_edges(),
        "moves": int(total),
        "incoherence": incoherence(moves, trophic_levels(moves)),
        "core_nodes": len(core),
        "core_share": inside / total if total else math.nan,
        "flow_hierarchy": nx.flow_hierarchy(moves, "transitions") if total else math.nan,
    }
    return pd.DataFrame([row])


def trophic_levels(graph: nx.DiGraph) -> dict[Hashable, float]:
    """Return a height per node so that moves climb by 1 as nearly as they can; lowest is 0.

    Solves (diag(in + out) − W − Wᵀ) h = in − out in each weakly connected part; W counts
    transitions. Unlike networkx.trophic_levels it needs no source node.
    Source: MacKay, Johnson & Sansom 2020, "How directed is a directed network?".
    """
    levels: dict[Hashable, float] = dict.fromkeys(graph, 0.0)
    place = {node: number for number, node in enumerate(graph)}
    for part in nx.weakly_connected_components(graph):
        members = sorted(part, key=place.__getitem__)
        if len(members) < 2:
            continue
        w = csr_array(nx.to_scipy_sparse_array(graph, members, weight="transitions", dtype=float))
        inward, outward = w.sum(axis=0), w.sum(axis=1)
        laplacian = (diags_array(inward + outward) - w - w.T).tocsc()
        # Heights are relative: the first node stays at 0, which makes the rest unique.
        heights = np.zeros(len(members))
        heights[1:] = spsolve(laplacian[1:, 1:], (inward - outward)[1:], permc_spec="MMD_AT_PLUS_A")
        levels.update(zip(members, (heights - heights.min()).tolist(), strict=True))
    return levels


def incoherence(graph: nx.DiGraph, levels: Mapping[Hashable, float]) -> float:
    """Return F0 = Σ W (h_to − h_from − 1)² / Σ W, the moves' distance from a common direction.

    0 when every move climbs one level, 1 when moves up and down cancel, NaN where nothing
    moves. Source: MacKay, Johnson & Sansom 2020.
    """
    edges = list(graph.edges(data="transitions"))
    total = sum(weight for *_, weight in edges)
    if not total:
        return math.nan
    return float(sum(n * (levels[b] - levels[a] - 1) ** 2 for a, b, n in edges) / total)


def _core(moves: nx.DiGraph) -> set[Hashable]:
    """Return the largest strongly connected part of two nodes or more, the earlier one in a tie."""
    place = {node: number for number, node in enumerate(moves)}
    parts = [part for part in nx.strongly_connected_components(moves) if len(part) > 1]
    return set(
        max(parts, key=lambda part: (len(part), -min(map(place.__getitem__, part))), default=())
    )


def _pagerank(graph: nx.DiGraph, moves: nx.DiGraph) -> dict[Hashable, float]:
    starts = [node for node, kind in graph.nodes(data="kind") if kind == "start"]
    entries = {
        node: n for _, node, n in graph.out_edges(starts, data="transitions") if node in moves
    }
    restart = entries if sum(entries.values()) else None
    ranks: dict[Hashable, float] = nx.pagerank(
        moves, personalization=restart, weight="transitions", max_iter=10_000, tol=1e-12
    )
    return ranks


def _betweenness(graph: nx.DiGraph, moves: nx.DiGraph) -> dict[Hashable, float]:
    if moves.number_of_nodes() * moves.number_of_edges() > BETWEENNESS_STEPS:
        return {}
    costs = nx.DiGraph()
    costs.add_nodes_from(moves)
    for node in moves:
        # Leaving is a way on too; an open end is not yet a way.
        ways = {
            after: n
            for _, after, n in graph.out_edges(node, data="transitions")
            if after != node and graph.nodes[after].get("kind") != "open"
        }
        total = sum(ways.values())
        for after in moves[node]:
            # Whole numbers make ties exact; the 1 keeps a certain move from being free.
            nats = math.log(total / ways[after]) if ways[after] else math.inf
            if nats < math.inf:
                costs.add_edge(node, after, cost=round(nats * 1e9) + 1)
    found: dict[Hashable, float] = nx.betweenness_centrality(costs, weight="cost")
    return found
