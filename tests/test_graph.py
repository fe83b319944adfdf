"""The graph: its shape, its measures against published numbers, and files that keep every name."""

from __future__ import annotations

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DataError, ModelError
from pipeline.graph import (
    graph_measures,
    incoherence,
    node_measures,
    real_moves,
    transition_graph,
    trophic_levels,
    write_graph,
)

VIRTUAL = {"(start)": "start", "(exit)": "exit", "(open)": "open"}
HOSTILE = [
    *("<script>alert(1)</script>", "a -> b", 'say "hi"', "a,b;c|d", "it's", "&amp;", "100 %"),
    *("=cmd|' /C calc'!A0", "+1", "-1", "@x", "\ttab", "line\nbreak", "back\\slash", "]]>", " "),
    *(
        "path_start",
        "Other",
        "naïve",
        "日本",
        "🛒",
        "\u2028",
        "\x85",
        "a\x00b",
        "a\x0bb",
        "a\rb",
        "\uffff",
    ),
]

PICTURES = "".join(map(chr, range(0x2400, 0x2420)))

Edges = dict[tuple[str, str], int]


def tables(edges: Edges) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two tables as the warehouse has them; the stage is unknown on virtual nodes."""
    names = list(dict.fromkeys(name for edge in edges for name in edge))
    transitions = pd.DataFrame(
        [
            ("m", "touchpoint", a, b, a == b, n, None if {a, b} & VIRTUAL.keys() else 60.0)
            for (a, b), n in edges.items()
        ],
        columns=[
            *("map_name", "level", "from_node", "to_node"),
            *("is_repeat", "transitions", "median_s"),
        ],
    )
    nodes = pd.DataFrame(
        [
            ("m", "touchpoint", name, VIRTUAL.get(name, "real"), number)
            + ((None, None) if name in VIRTUAL else (number, "Awareness"))
            for number, name in enumerate(names, start=1)
        ],
        columns=["map_name", "level", "node", "kind", "node_no", "stage_no", "stage"],
    )
    return transitions, nodes


def graph_of(edges: Edges) -> nx.DiGraph:
    return transition_graph(*tables(edges))


def shop() -> Edges:
    return {
        ("(start)", "ad"): 8,
        ("(start)", "site"): 2,
        ("ad", "site"): 6,
        ("ad", "ad"): 5,
        ("site", "ad"): 1,
        ("site", "cart"): 4,
        ("cart", "(exit)"): 3,
        ("cart", "(open)"): 1,
        ("ad", "(exit)"): 3,
        ("site", "(exit)"): 3,
    }


# The moves between stages of the golden log.
GOLDEN: Edges = {
    tuple(pair): moves for pair, moves in {"12": 5, "23": 4, "34": 3, "45": 2}.items()
} | dict.fromkeys(map(tuple, ["13", "14", "15", "21", "31", "32", "42"]), 1)


def test_rows_become_nodes_and_edges_with_every_column() -> None:
    graph = graph_of(shop())
    assert list(graph) == ["(start)", "ad", "site", "cart", "(exit)", "(open)"]
    assert graph.graph == {"map_name": "m", "level": "touchpoint"}
    assert graph.nodes["ad"]["kind"] == "real"
    assert (graph.nodes["ad"]["stage_no"], type(graph.nodes["ad"]["stage_no"])) == (2, int)
    assert graph.nodes["(exit)"]["kind"] == "exit"
    assert graph.nodes["(exit)"]["stage"] is None
    assert graph.edges["ad", "ad"]["is_repeat"] is True
    assert graph.edges["ad", "site"] | {"median_s": 60.0} == graph.edges["ad", "site"]
    assert graph.edges["(start)", "ad"]["median_s"] is None


def test_moves_are_between_different_real_nodes() -> None:
    moves = [("ad", "site"), ("site", "ad"), ("site", "cart")]
    assert sorted(real_moves(graph_of(shop())).edges) == moves


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    transitions, nodes = tables(shop())
    turned = transition_graph(transitions[::-1], nodes[::-1])
    straight = transition_graph(transitions, nodes)
    for ending in ("graphml", "gexf", "dot", "json", "csv"):
        first = write_graph(straight, tmp_path / f"first.{ending}").read_bytes()
        assert write_graph(turned, tmp_path / f"second.{ending}").read_bytes() == first
        assert b"date" not in first


def test_rows_that_do_not_fit_are_refused() -> None:
    transitions, nodes = tables(shop())
    with pytest.raises(ModelError, match="same name"):
        transition_graph(transitions, pd.concat([nodes, nodes.head(1)]))
    with pytest.raises(ModelError, match="not in nodes"):
        transition_graph(transitions, nodes[nodes["node"] != "cart"])
    with pytest.raises(ModelError, match="twice"):
        transition_graph(pd.concat([transitions, transitions.head(1)]), nodes)
    with pytest.raises(DataError, match=r"one map_name; choose one of \['m', 'n'\]"):
        transition_graph(transitions, pd.concat([nodes, nodes.assign(map_name="n")]))
    with pytest.raises(DataError, match="same level"):
        transition_graph(transitions, nodes.assign(level="stage"))


@pytest.mark.parametrize(
    ("edges", "levels", "expected"),
    [
        ({("1", "2"): 1, ("2", "3"): 1, ("3", "4"): 1}, [0, 1, 2, 3], 0),
        ({("a", "b"): 1, ("b", "c"): 1, ("c", "a"): 1}, [0, 0, 0], 1),
        ({("a", "b"): 1, ("b", "c"): 1, ("a", "c"): 1}, [0, 2 / 3, 4 / 3], 1 / 9),
        ({("a", "b"): 3, ("b", "a"): 1}, [0, 0.5], 0.75),
        (
            {("0", "1"): 10, ("1", "0"): 2, ("1", "2"): 8, ("2", "1"): 3, ("2", "3"): 5},
            [0, 0.666667, 1.121212, 2.121212],
            0.549784,
        ),
        (GOLDEN, None, 0.692977),
        ({("a", "b"): 1, ("x", "y"): 7}, [0, 1, 0, 1], 0),
    ],
    ids=["path", "cycle", "shortcut", "two ways", "worked", "golden log", "two parts"],
)
def test_levels_and_incoherence_are_the_published_ones(
    edges: Edges, levels: list[float] | None, expected: float
) -> None:
    graph = graph_of(edges)
    found = trophic_levels(graph)
    if levels is not None:
        assert list(found.values()) == pytest.approx(levels, abs=5e-7)
    assert incoherence(graph, found) == pytest.approx(expected, abs=5e-7)


def test_levels_equal_the_plain_solution() -> None:
    draw = np.random.default_rng(3)
    for size in (2, 5, 17):
        w = draw.integers(1, 9, (size, size)) * (draw.random((size, size)) < 0.5)
        np.fill_diagonal(w, 0)
        w[0, 1:] = 1  # one connected part
        edges = {(str(a), str(b)): int(w[a, b]) for a, b in np.argwhere(w)}
        into, out = w.sum(axis=0), w.sum(axis=1)
        plain = np.linalg.lstsq(np.diag(into + out) - w - w.T, into - out, rcond=None)[0]
        levels = trophic_levels(graph_of(edges))
        assert [levels[str(node)] for node in range(size)] == pytest.approx(plain - plain.min())


def test_the_golden_log_has_a_core_of_four_stages() -> None:
    measures = graph_measures(graph_of(GOLDEN)).iloc[0]
    assert (measures["nodes"], measures["edges"], measures["moves"]) == (5, 11, 21)
    assert measures["core_nodes"] == 4
    assert measures["core_share"] == pytest.approx(18 / 21)
    assert measures["flow_hierarchy"] == pytest.approx(3 / 21)
    assert node_measures(graph_of(GOLDEN)).query("is_in_core")["node"].to_list() == list("1234")


def test_rank_restarts_where_journeys_enter() -> None:
    ranks = node_measures(graph_of(shop())).set_index("node")["pagerank"]
    # The same walk by hand: follow the moves with .85, else (or at a dead end) enter anew.
    entry = np.array([0.8, 0.2, 0])
    walk = np.array([[0, 1, 0], [0.2, 0, 0.8], entry])
    rank = entry
    for _ in range(500):
        rank = 0.85 * rank @ walk + 0.15 * entry
    assert ranks[["ad", "site", "cart"]].to_list() == pytest.approx(rank.tolist(), abs=1e-9)
    assert ranks.sum() == pytest.approx(1)


def test_a_frequent_way_is_a_short_one() -> None:
    # From a to d: over b with .9, over c with .1. Read as a length, 9 would be the longer way.
    edges = {("a", "b"): 9, ("a", "c"): 1, ("b", "d"): 9, ("c", "d"): 1}
    between = node_measures(graph_of(edges)).set_index("node")["betweenness"]
    assert between["b"] == pytest.approx(1 / 6)
    assert between["c"] == 0


def test_leaving_makes_a_way_less_likely_and_an_open_end_does_not() -> None:
    edges = {("a", "b"): 5, ("a", "c"): 5, ("b", "d"): 9, ("c", "d"): 9, ("b", "(open)"): 90}
    between = node_measures(graph_of(edges)).set_index("node")["betweenness"]
    assert between["b"] == between["c"]
    edges[("b", "(exit)")] = 1
    between = node_measures(graph_of(edges)).set_index("node")["betweenness"]
    assert between["b"] < between["c"]


def test_nothing_and_next_to_nothing_have_measures() -> None:
    transitions, nodes = tables({("(start)", "ad"): 1, ("ad", "(exit)"): 1})
    alone = transition_graph(transitions, nodes)
    assert node_measures(alone)["pagerank"].to_list() == [1]
    assert math.isnan(graph_measures(alone).loc[0, "incoherence"])
    nobody = transition_graph(transitions.head(0), nodes.head(0))
    assert node_measures(nobody).empty
    assert graph_measures(nobody).loc[0, ["nodes", "core_nodes"]].to_list() == [0, 0]
    assert graph_measures(graph_of({("a", "b"): 1})).loc[0, "core_nodes"] == 0


def hostile() -> Edges:
    ring = dict.fromkeys(zip(HOSTILE, [*HOSTILE[1:], HOSTILE[0]], strict=True), 3)
    return {("(start)", HOSTILE[0]): 1, **ring, (HOSTILE[0], "(exit)"): 1}


def test_json_keeps_every_name_and_value(tmp_path: Path) -> None:
    graph = graph_of(hostile())
    text = write_graph(graph, tmp_path / "moves.json").read_text(encoding="utf-8")
    again = nx.node_link_graph(json.loads(text), edges="edges")
    assert dict(again.nodes) == dict(graph.nodes)
    assert list(again.edges(data=True)) == list(graph.edges(data=True))


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_xml_keeps_every_name_that_xml_can_hold(tmp_path: Path, ending: str) -> None:
    graph = graph_of(hostile())
    path = write_graph(graph, tmp_path / f"moves.{ending}")
    again = nx.read_graphml(path) if ending == "graphml" else nx.read_gexf(path)
    pictures = str.maketrans({0: "␀", 11: "␋", 13: "␍", 0xFFFF: "\ufffd"})
    assert list(again) == [name.translate(pictures) for name in graph]
    assert "stage" not in again.nodes["(exit)"]
    assert again.nodes["100 %"]["kind"] == "real"
    edge = again.edges["a -> b", 'say "hi"']
    assert (edge["transitions"], edge["weight"], edge["is_repeat"]) == (3, 3, False)
    assert edge["median_s"] == 60


# Any but those that stand for what XML cannot hold.
letters = st.characters(codec="utf-8", exclude_characters="\ufffd\ufffe" + PICTURES)


@given(st.sets(st.text(letters, max_size=6), min_size=2, max_size=6))
def test_any_names_survive_graphml(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    ordered = sorted(names)
    graph = graph_of(dict.fromkeys(pairwise(ordered), 1))
    path = write_graph(graph, tmp_path_factory.mktemp("any") / "moves.graphml")
    again = nx.read_graphml(path)
    assert len(again) == len(names)
    assert set(again) >= {name for name in names if name.isprintable()}


def test_names_that_xml_would_merge_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="control characters"):
        write_graph(graph_of({("a\x00", "a␀"): 1}), tmp_path / "moves.gexf")
    assert list(tmp_path.iterdir()) == []


def test_csv_keeps_names_and_runs_no_formula(tmp_path: Path) -> None:
    graph = graph_of(hostile())
    with write_graph(graph, tmp_path / "moves.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["from_node", "to_node", "map_name"]
    assert len({len(row) for row in rows}) == 1
    starts = {cell[0] for row in rows[1:] for cell in row[:2]}
    assert not starts & set("=+-@\t\r")
    assert {"'=cmd|' /C calc'!A0", "line\nbreak", 'say "hi"'} <= {row[0] for row in rows}


def test_an_unknown_ending_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    graph = graph_of(shop())
    with pytest.raises(DataError, match=r"end the name in \.graphml, \.gexf, \.dot, \.json, \.csv"):
        write_graph(graph, tmp_path / "moves.png")
    with pytest.raises(DataError, match="cannot be written"):
        write_graph(graph, tmp_path / "nowhere" / "moves.json")
