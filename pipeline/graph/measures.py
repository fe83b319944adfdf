"""What a graph of moves says: its ranks, its go-betweens, its core, and its direction."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from .build import LEVEL_COLUMNS, real_moves
from .order import heights, misfit
from .reach import dominators, reach, returns, units_of

# Above this many nodes × edges (about five seconds of work) betweenness is NULL.
BETWEENNESS_STEPS = 5_000_000

NODE_MEASURES = (
    *("node", "reach", "revisits", "loop_share", "pagerank", "betweenness", "dominator"),
    *("is_mandatory", "trophic_level", "is_in_core"),
)


def node_measures(graph: nx.DiGraph, goals: Collection[Hashable] | None = None) -> pd.DataFrame:
    """Return one row per real node of the graph, named by map_name, level and node.

    reach          0 to 1: share of the units (mostly journeys) that visit it
    revisits       how often a unit that visits it comes back later, on average; staying is not
                   coming back
    loop_share     0 to 1, sums to 1: share of all the coming back, NULL where nobody does
    pagerank       0 to 1, sums to 1: where a walk along the moves is found that restarts
                   where journeys enter
    betweenness    0 to 1: share of the likeliest paths between two others that lead through
                   (a move costs −ln of its probability); NULL above BETWEENNESS_STEPS
    dominator      the last node that every way from (start) to it comes through, over edges that
                   one unit in a hundred takes; NULL: no such way
    is_mandatory   whether every such way from (start) to the goal comes through it; NULL: no goal
    trophic_level  0 at the bottom: the order of the nodes that the moves themselves suggest
    is_in_core     belongs to the largest set of nodes that all lead to each other

    `goals` None: the nodes that are marked `is_goal`.
    """
    moves = real_moves(graph)
    core = _core(moves)
    levels = trophic_levels(moves)
    ranks, between = _pagerank(graph, moves), _betweenness(graph, moves)
    reached, returned = reach(graph), returns(graph)
    total = units_of(graph)
    all_returned = sum(returned.values())
    before, needed = dominators(graph, goals)
    rows = [
        {
            **{name: graph.graph.get(name) for name in LEVEL_COLUMNS},
            "node": node,
            "reach": reached[node],
            "revisits": _ratio(returned[node], reached[node] * total),
            "loop_share": _ratio(returned[node], all_returned),
            "pagerank": ranks[node],
            "betweenness": between.get(node, math.nan),
            "dominator": before.get(node),
            "is_mandatory": None if needed is None else node in needed,
            "trophic_level": levels[node],
            "is_in_core": node in core,
        }
        for node in moves
    ]
    return pd.DataFrame(rows, columns=[*LEVEL_COLUMNS, *NODE_MEASURES])


def graph_measures(graph: nx.DiGraph) -> pd.DataFrame:
    """Return one row for the whole graph, named by map_name and level.

    nodes, edges    real nodes, and pairs of them with a move
    moves           transitions between two different real nodes
    incoherence     0 when every move climbs one level, 1 when there is no direction at all
    core_nodes      size of the largest set of nodes that all lead to each other, 0 if none do
    core_share      share of the moves that stay inside it
    flow_hierarchy  share of the moves that no path ever leads back over: 1 without a cycle
    entropy_rate    bits: how open it is where a unit goes next, 0 when each node has one way on
    entropy_share   of what it could be, the same chance for every node: 0 to 1

    Repeats are left out, and virtual nodes but in the entropy; shares are NULL where nothing moves.
    Source: Luo & Magee 2011 (flow hierarchy, by weight); MacKay, Johnson & Sansom 2020.
    """
    moves = real_moves(graph)
    core = _core(moves)
    total = moves.size(weight="transitions")
    inside = moves.subgraph(core).size(weight="transitions")
    entropy, states = entropy_rate(graph)
    row = {
        **{name: graph.graph.get(name) for name in LEVEL_COLUMNS},
        "nodes": moves.number_of_nodes(),
        "edges": moves.number_of_edges(),
        "moves": int(total),
        "incoherence": incoherence(moves, trophic_levels(moves)),
        "core_nodes": len(core),
        "core_share": inside / total if total else math.nan,
        "flow_hierarchy": nx.flow_hierarchy(moves, "transitions") if total else math.nan,
        "entropy_rate": entropy,
        "entropy_share": entropy / math.log2(states) if states > 1 else math.nan,
    }
    return pd.DataFrame([row])


def entropy_rate(graph: nx.DiGraph) -> tuple[float, int]:
    """Return Σ w H(p) in bits over the nodes, and how many nodes there are to be at.

    p are the shares of the ways on from a node, w its share of all moves on. (start) and (exit)
    are nodes; repeats, and open ends, are no ways on. The weights are those of the walk that begins
    anew after each exit. NaN where nothing moves.
    """
    on: dict[Hashable, list[int]] = {}
    seen: set[Hashable] = set()
    for a, b, n in graph.edges(data="transitions"):
        if a != b and n and graph.nodes[b].get("kind") != "open":
            on.setdefault(a, []).append(n)
            seen |= {a, b}
    if not on:
        return math.nan, 0
    leaving = {node: sum(ways) for node, ways in on.items()}
    bits = sum(n * math.log2(leaving[node] / n) for node, ways in on.items() for n in ways)
    return bits / sum(leaving.values()), len(seen)


def trophic_levels(graph: nx.DiGraph) -> dict[Hashable, float]:
    """Return the height of each node, as `heights` finds it; W counts transitions."""
    if not graph:
        return {}
    weights = nx.to_scipy_sparse_array(graph, weight="transitions", dtype=float, format="csr")
    return dict(zip(graph, heights(csr_array(weights)).tolist(), strict=True))


def incoherence(graph: nx.DiGraph, levels: Mapping[Hashable, float]) -> float:
    """Return F0, the moves' distance from a common direction, as `misfit` defines it."""
    edges = list(graph.edges(data="transitions"))
    climbs = np.array([levels[b] - levels[a] for a, b, _ in edges], dtype=float)
    return misfit(climbs, np.array([weight for *_, weight in edges], dtype=float))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


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
