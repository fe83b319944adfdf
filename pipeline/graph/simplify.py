"""A graph with few edges, for the eye: what is left out is folded into (other), never lost."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx

from ..errors import DataError
from .reach import reach

OTHER = "(other)"
ENDS = ("exit", "open")
COVERAGE, LEAST_REACH = 0.8, 0.05

Edge = tuple[Hashable, Hashable]


def simplify(
    graph: nx.DiGraph,
    coverage: float = COVERAGE,
    *,
    least_reach: float = LEAST_REACH,
    goals: Collection[Hashable] | None = None,
) -> nx.DiGraph:
    """Return the graph with few edges that stand for a share of at least `coverage` of all moves.

    Every node that a share of `least_reach` of the units visit stays, and so does a way from
    (start) to it and from it to a goal, where there is one. Of every node that stays, its exits and
    open ends stay. No edge could be left out without breaking one of these. Frequent edges are
    taken first, then what the ways need, then what has become needless is let go: the result is
    small, not proven to be the smallest.

    A move that is left out is drawn as two, into (other) and out of it, so that all that enters a
    node leaves it, and shares keep their denominators: share_all is of all moves of `graph`. What
    cannot be added up there (units, customers, times) is None. `graph.graph` of the result holds
    the `coverage` that is reached, `edges_kept` and `edges_all`. `goals` None: the nodes that are
    marked `is_goal`.

    Raises DataError for a coverage that is no share.
    """
    if not 0 <= coverage <= 1:
        raise DataError(f"coverage {coverage:g}: write a share from 0 to 1, such as 0.8")
    whole = _whole(graph, least_reach, goals)
    wanted = coverage * sum(whole.moves.values())
    kept = _frequent(whole, wanted)
    while broken := _broken(whole, kept):
        kept |= dict.fromkeys(_way(whole, kept, *broken[0]))
    slack = _covered(whole, kept) - wanted
    for edge in reversed(whole.ranked):
        if edge in kept and whole.moves[edge] <= slack:
            fewer = dict.fromkeys(other for other in kept if other != edge)
            if _covered(whole, fewer) >= wanted and not _broken(whole, fewer):
                kept, slack = fewer, _covered(whole, fewer) - wanted
    return _folded(graph, whole, kept)


@dataclass(frozen=True)
class _Whole:
    """A graph, and what must stay of it."""

    moves: Mapping[Edge, int]
    ranked: list[Edge]  # what may be left out, the most frequent first
    ends: Mapping[Hashable, list[Edge]]  # the exits and open ends of each node
    needed: list[Hashable]
    starts: list[Hashable]
    goals: list[Hashable]
    ways: nx.DiGraph  # the ranked edges with their price
    from_start: set[Hashable]
    to_goal: set[Hashable]


def _whole(graph: nx.DiGraph, least_reach: float, goals: Collection[Hashable] | None) -> _Whole:
    kinds = {node: data.get("kind", "real") for node, data in graph.nodes(data=True)}
    place = {node: number for number, node in enumerate(graph)}
    moves = {(a, b): n for a, b, n in graph.edges(data="transitions") if n}
    ends: dict[Hashable, list[Edge]] = {node: [] for node in graph}
    leaving: dict[Hashable, int] = dict.fromkeys(graph, 0)
    ranked = []
    for (a, b), n in moves.items():
        leaving[a] += n
        if kinds[b] in ENDS and kinds[a] != "other":
            ends[a].append((a, b))
        elif "other" not in (kinds[a], kinds[b]):
            ranked.append((a, b))
    ranked.sort(key=lambda edge: (-moves[edge], place[edge[0]], place[edge[1]]))
    ways = nx.DiGraph()
    ways.add_nodes_from(graph)
    ways.add_edges_from(
        (a, b, {"price": 1 + 1e-6 * math.log(leaving[a] / moves[a, b])}) for a, b in ranked
    )
    starts = [node for node in graph if kinds[node] == "start"]
    if goals is None:
        goals = [node for node, is_goal in graph.nodes(data="is_goal") if is_goal]
    goals = [node for node in goals if node in graph]
    needed = [node for node, share in reach(graph).items() if share >= least_reach]
    after, before = _reached(ways, starts), _reached(ways.reverse(copy=False), goals)
    return _Whole(moves, ranked, ends, needed, starts, goals, ways, after, before)


def _frequent(whole: _Whole, wanted: float) -> dict[Edge, None]:
    """The most frequent edges that, with the exits of what they show, are enough moves."""
    kept: dict[Edge, None] = {}
    shown = {*whole.starts, *whole.needed}
    covered = _covered(whole, kept)
    for edge in whole.ranked:
        if covered >= wanted:
            break
        kept[edge] = None
        new = {*edge} - shown
        shown |= new
        covered += whole.moves[edge] + sum(whole.moves[e] for node in new for e in whole.ends[node])
    return kept


def _shown(whole: _Whole, kept: Iterable[Edge]) -> set[Hashable]:
    """The nodes that stand for themselves."""
    return {*whole.starts, *whole.needed, *(node for edge in kept for node in edge)}


def _covered(whole: _Whole, kept: Collection[Edge]) -> int:
    """How many moves the edges, and the exits of what they show, stand for."""
    ends = (edge for node in _shown(whole, kept) for edge in whole.ends[node])
    return sum(whole.moves[edge] for edge in (*kept, *ends))


def _broken(whole: _Whole, kept: Collection[Edge]) -> list[tuple[str, Hashable]]:
    """The needed nodes whose way from the start, or to a goal, is not among the edges."""
    ways = nx.DiGraph()
    ways.add_nodes_from(whole.ways)
    ways.add_edges_from(kept)
    after = _reached(ways, whole.starts)
    before = _reached(ways.reverse(copy=False), whole.goals)
    return [
        *(("from", node) for node in whole.needed if node in whole.from_start - after),
        *(("to", node) for node in whole.needed if node in whole.to_goal - before),
    ]


def _reached(ways: nx.DiGraph, sources: Iterable[Hashable]) -> set[Hashable]:
    found = set(sources)
    for source in list(found):
        found |= nx.descendants(ways, source)
    return found


def _way(whole: _Whole, kept: Collection[Edge], side: str, node: Hashable) -> list[Edge]:
    """The way that adds the fewest edges, and of these the likeliest."""
    turned = side == "to"
    ways = whole.ways.reverse(copy=False) if turned else whole.ways

    def price(a: Hashable, b: Hashable, data: Mapping[str, Any]) -> float:
        return 0.0 if ((b, a) if turned else (a, b)) in kept else data["price"]

    sources = whole.goals if turned else whole.starts
    _, path = nx.multi_source_dijkstra(ways, sources, node, weight=price)
    return [(b, a) if turned else (a, b) for a, b in pairwise(path)]


def _folded(graph: nx.DiGraph, whole: _Whole, kept: Collection[Edge]) -> nx.DiGraph:
    """The kept edges as they are, and all others by way of (other)."""
    shown = _shown(whole, kept)
    stays = {*kept, *(edge for node in shown for edge in whole.ends[node])}
    ends = {node for node, kind in graph.nodes(data="kind") if kind in ENDS}
    folded: dict[Edge, int] = {}
    for (a, b), n in whole.moves.items():
        if (a, b) not in stays:
            left = a if a in shown else OTHER
            right = b if b in shown | ends else OTHER
            both = OTHER not in (left, right)
            for edge in ((left, OTHER), (OTHER, right)) if both else ((left, right),):
                folded[edge] = folded.get(edge, 0) + n

    total = sum(whole.moves.values())
    stood = sum(whole.moves[edge] for edge in stays)
    simple = nx.DiGraph(
        **graph.graph,
        coverage=stood / total if total else None,
        edges_kept=len(stays),
        edges_all=len(whole.moves),
    )
    simple.add_nodes_from(
        (node, data) for node, data in graph.nodes(data=True) if node in shown | ends
    )
    simple.add_edges_from((a, b, graph.edges[a, b]) for a, b in whole.moves if (a, b) in stays)
    if folded:
        _add_other(simple, graph, folded, total)
    return simple


def _add_other(
    simple: nx.DiGraph, graph: nx.DiGraph, folded: Mapping[Edge, int], total: int
) -> None:
    visits = sum(n for (_, b), n in folded.items() if b == OTHER)
    counts = {"visits": visits, "moves_in": visits, "moves_out": visits}
    data = _unknown(data for _, data in graph.nodes(data=True))
    data |= {name: n for name, n in counts.items() if name in data}
    simple.add_node(OTHER, **data | {"kind": "other", "node_no": -4})
    unknown = _unknown(data for *_, data in graph.edges(data=True))
    place = {node: number for number, node in enumerate(simple)}
    for a, b in sorted(folded, key=lambda edge: (place[edge[0]], place[edge[1]])):
        n = folded[a, b]
        simple.add_edge(a, b, **unknown | {"is_repeat": a == b, "transitions": n})
    for a, b in folded:
        n = folded[a, b]
        simple.edges[a, b].update(
            share_out=n / simple.out_degree(a, weight="transitions"),
            share_in=n / simple.in_degree(b, weight="transitions"),
            share_all=n / total,
        )


def _unknown(listed: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The attributes, those that are the same everywhere, others None."""
    found: dict[str, Any] = {}
    for data in listed:
        for name, value in data.items():
            same = name in ("map_name", "level", "cut")
            found[name] = value if same else None
    return found
