"""What is measured at nodes and whole graphs, and the few edges that are left for the eye."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DataError, ModelError
from pipeline.graph import (
    dominators,
    entropy_rate,
    graph_measures,
    node_measures,
    reach,
    simplify,
    write_graph,
)

from .drawing import examples
from .test_graph import Edges, graph_of, hostile

MOVES = "transitions"


def walked(*journeys: str, goal: str = "") -> nx.DiGraph:
    """The graph of journeys written as letters, with every column that measures read."""
    graph = nx.DiGraph()
    ways = [["(start)", *journey, "(exit)"] for journey in journeys]
    for way in ways:
        for a, b in pairwise(way):
            n = graph.edges[a, b]["transitions"] if graph.has_edge(a, b) else 0
            graph.add_edge(a, b, transitions=n + 1, is_repeat=a == b)
    total = graph.size(MOVES)
    for a, b, data in graph.edges(data=True):
        data["units"] = sum((a, b) in pairwise(way) for way in ways)
        data["share_out"] = data["transitions"] / graph.out_degree(a, MOVES)
        data["share_in"] = data["transitions"] / graph.in_degree(b, MOVES)
        data["share_all"] = data["transitions"] / total
    for node, data in graph.nodes(data=True):
        data["kind"] = {"(start)": "start", "(exit)": "exit"}.get(node, "real")
        data["visits"] = sum(way.count(node) for way in ways)
        data["units"] = sum(node in way for way in ways)
        data["is_goal"] = node == goal
    return graph


def test_reach_is_of_units_and_coming_back_is_not_staying() -> None:
    graph = walked("aabab", "b", "bcb", "c")
    found = node_measures(graph).set_index("node")
    assert found["reach"].to_dict() == {"a": 1 / 4, "b": 3 / 4, "c": 2 / 4}
    assert found["revisits"].to_dict() == {"a": 1, "b": 2 / 3, "c": 0}
    assert found["loop_share"].to_dict() == {"a": 1 / 3, "b": 2 / 3, "c": 0}


def test_a_node_that_no_way_goes_round_is_mandatory() -> None:
    graph = walked("abcg", "acg", "bdcg", "e", goal="g")
    before, needed = dominators(graph)
    entered = dict.fromkeys("abce", "(start)")
    assert before == {**entered, "d": "b", "g": "c"}
    assert needed == {"c", "g"}
    found = node_measures(graph).set_index("node")
    assert found["dominator"].to_dict() == before
    assert found.index[found["is_mandatory"]].to_list() == ["c", "g"]
    assert dominators(graph, ["e"])[1] == {"e"}
    assert dominators(walked("abcg"))[1] is None


def test_a_way_that_hardly_anybody_takes_does_not_lead_round() -> None:
    graph = walked(*["acg"] * 99, "ag", goal="g")
    assert dominators(graph)[1] == {"a", "g"}
    assert dominators(graph, support=0.011)[1] == {"a", "c", "g"}


@pytest.mark.parametrize("named", [False, True], ids=["plain", "virtual ends"])
def test_the_entropy_rate_is_the_published_one(named: bool) -> None:
    nodes = ["(start)", "b", "c", "(exit)"] if named else list("abcd")
    weights = [[0, 8, 2, 0], [0, 0, 6, 4], [0, 3, 0, 7]]
    edges: Edges = {
        (nodes[i], nodes[j]): n for i, row in enumerate(weights) for j, n in enumerate(row) if n
    }
    graph = graph_of(edges)
    bits, states = entropy_rate(graph)
    assert (round(bits, 6), states) == (0.858057, 4)
    assert graph_measures(graph).loc[0, "entropy_share"] == pytest.approx(0.429028, abs=5e-7)
    staying = graph_of({**edges, ("b", "b"): 50, ("c", "(open)"): 9})
    assert entropy_rate(staying) == (bits, states)
    assert math.isnan(entropy_rate(graph_of({("b", "b"): 3}))[0])


journeys = st.lists(st.text("abcdef", min_size=1, max_size=8), min_size=1, max_size=12)


@given(journeys, st.floats(0, 1), st.sampled_from([0, 0.05, 0.5]))
@examples(60)
def test_few_edges_stand_for_enough_moves_and_nothing_is_lost(
    written: list[str], coverage: float, least: float
) -> None:
    whole = walked(*written, goal="f")
    few = simplify(whole, coverage, least_reach=least)
    stays = [edge for edge in few.edges if "(other)" not in edge]
    stood = sum(whole.edges[edge][MOVES] for edge in stays)
    assert few.graph["coverage"] == pytest.approx(stood / whole.size(MOVES))
    assert few.graph["coverage"] >= coverage - 1e-12
    for node in few:
        if node != "(other)":
            assert few.out_degree(node, MOVES) == whole.out_degree(node, MOVES)
            assert few.in_degree(node, MOVES) == whole.in_degree(node, MOVES)
            assert few.has_edge(node, "(exit)") == whole.has_edge(node, "(exit)")
    if "(other)" in few:
        assert few.in_degree("(other)", MOVES) == few.out_degree("(other)", MOVES)
    for a, b, told in few.edges(data=True):
        if "(other)" in (a, b):
            assert told["share_all"] == told[MOVES] / whole.size(MOVES)
            assert told["share_out"] == told[MOVES] / few.out_degree(a, MOVES)
            assert told["share_in"] == told[MOVES] / few.in_degree(b, MOVES)
    kept = few.edge_subgraph(stays)
    for node, share in reach(whole).items():
        if share >= least:
            assert nx.has_path(kept, "(start)", node)
            if "f" in whole and nx.has_path(whole, node, "f"):
                assert nx.has_path(kept, node, "f")


@given(journeys, st.floats(0, 1))
@examples(40)
def test_where_no_way_is_asked_for_no_smaller_set_of_edges_would_do(
    written: list[str], coverage: float
) -> None:
    """Against every smaller set, where exits stay with their nodes."""
    whole = walked(*[journey[:3] for journey in written[:4]])
    few = simplify(whole, coverage, least_reach=2)
    inner = [edge for edge in whole.edges if edge[1] != "(exit)"]
    kept = [edge for edge in few.edges if edge in whole.edges and edge[1] != "(exit)"]

    def covered(edges: tuple[tuple[str, str], ...]) -> int:
        shown = {node for edge in edges for node in edge}
        ends = [(node, "(exit)") for node in shown if whole.has_edge(node, "(exit)")]
        return int(sum(whole.edges[edge][MOVES] for edge in (*edges, *ends)))

    wanted = coverage * whole.size(MOVES)
    assert covered(tuple(kept)) >= wanted
    for one in kept:
        assert covered(tuple(edge for edge in kept if edge != one)) < wanted
    fewest = next(
        size
        for size in range(len(inner) + 1)
        if any(covered(edges) >= wanted for edges in combinations(inner, size))
    )
    assert fewest <= len(kept) <= fewest + 1


def test_a_coverage_that_is_no_share_is_refused() -> None:
    with pytest.raises(DataError, match=r"coverage 80: write a share from 0 to 1, such as 0\.8"):
        simplify(walked("ab"), 80)


# ---- DOT ---------------------------------------------------------------------------------------

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def dot_edges(text: str) -> list[list[str]]:
    """The two names of each edge, as Graphviz reads them."""
    edge = re.compile(rf"^  {QUOTED.pattern} -> {QUOTED.pattern} \[", re.MULTILINE | re.DOTALL)
    return [
        [re.sub(r"\\(.)", r"\1", name) for name in found.groups()] for found in edge.finditer(text)
    ]


def test_dot_keeps_every_name_and_nothing_breaks_out(tmp_path: Path) -> None:
    graph = graph_of(hostile())
    text = write_graph(graph, tmp_path / "moves.dot").read_text(encoding="utf-8")
    bare = QUOTED.sub("", text)
    assert '"' not in bare
    assert set(re.sub(r"[\w\s]", "", bare)) <= set("{}[];=,->")
    pictures = str.maketrans({0: "␀", 11: "␋", 13: "␍", 0xFFFF: "\ufffd"})
    assert dot_edges(text) == [[name.translate(pictures) for name in edge] for edge in graph.edges]
    assert 'label="&amp;amp;"' in text, "a label would read an entity"
    with pytest.raises(ModelError, match="control characters"):
        write_graph(graph_of({("a\x00", "a␀"): 1}), tmp_path / "moves.dot")
