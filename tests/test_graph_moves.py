"""The graph that is asked, on drawn tables: every way of a journey is told, none is made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.flows import journey_graph, measured_edges, measured_nodes
from pipeline.graph import simplify, write_graph
from pipeline.questions import Scope, answering, graph_rows
from pipeline.warehouse import Warehouse

from .conftest import Build, toml, warehouse_in, write_csv
from .graph_walk import (
    BESIDE,
    COLUMNS,
    HEADER,
    PROJECT,
    STAGES,
    Walked,
    asked,
    drawn_log,
    walked,
)
from .parts import QUESTIONS

pytestmark = pytest.mark.tables(*QUESTIONS)

LEVELS = ("touchpoint", "stage", "channel")
DRAWN = [
    ("ann", "2026-01-01 10:00:00", "Aware", "ads"),
    ("ann", "2026-01-01 10:05:00", "Help", "ads"),
    ("ann", "2026-01-01 10:10:00", "Try", "shop"),
    ("ann", "2026-01-01 12:00:00", "Buy", "shop"),
    ("ann", "2026-01-01 12:10:00", "Aware", "post"),
    ("bob", "2026-01-20 10:00:00", "Help", "post"),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Walked]]:
    """A log of eighty customers, built once."""
    folder = tmp_path_factory.mktemp("log")
    write_csv(folder / "log.csv", HEADER, drawn_log(80))
    with warehouse_in(folder, PROJECT) as warehouse:
        yield warehouse, walked(warehouse)


def spelled(warehouse: Warehouse) -> list[tuple[str, str, int]]:
    """The moves by name, ann's before bob's."""
    return warehouse.rows(
        "select coalesce(departure.node, '(other)'), coalesce(arrival.node, '(other)'), skipped "
        "from graph_moves as move join asked_graph as graph using (group_no) "
        "join numbered_customers as customer using (customer_no) "
        "join identity_map as person using (customer_id) "
        "left join node_names as departure "
        "on departure.level_no = graph.level_no and departure.node_no = move.from_no "
        "left join node_names as arrival "
        "on arrival.level_no = graph.level_no and arrival.node_no = move.to_no "
        "order by person.value, unit_no, move_no"
    )


BOB = [("(start)", "Help", 0), ("Help", "(open)", 0)]


EXPECTED = {
    ("touchpoint", "journey"): [
        *[("(start)", "Aware", 0), ("Aware", "Help", 0), ("Help", "Try", 0), ("Try", "Buy", 0)],
        *[("Buy", "(exit)", 0), ("(start)", "Aware", 0), ("Aware", "(exit)", 0), *BOB],
    ],
    ("touchpoint", "session"): [
        *[("(start)", "Aware", 0), ("Aware", "Help", 0), ("Help", "Try", 0), ("Try", "(exit)", 0)],
        *[("(start)", "Buy", 0), ("Buy", "Aware", 0), ("Aware", "(exit)", 0), *BOB],
    ],
    ("stage", "customer"): [
        *[("(start)", "Aware", 0), ("Aware", "Try", 1), ("Try", "Buy", 0), ("Buy", "Aware", 0)],
        ("Aware", "(exit)", 0),
    ],
    ("channel", "customer"): [
        *[("(start)", "ads", 0), ("ads", "ads", 0), ("ads", "shop", 0), ("shop", "shop", 0)],
        *[("shop", "post", 0), ("post", "(exit)", 0), ("(start)", "post", 0)],
        ("post", "(open)", 0),
    ],
}


def test_a_unit_enters_moves_and_leaves_once(build: Build) -> None:
    """A journey ends with its goal, a session with silence; a customer walks on past both."""
    warehouse = build(DRAWN, PROJECT, header=HEADER)
    for (level, cut), expected in EXPECTED.items():
        asked(warehouse, "graph_moves", level=level, cut=cut)
        assert spelled(warehouse) == expected, (level, cut)


def test_all_journeys_as_they_are_give_the_built_graph(log: tuple[Warehouse, Walked]) -> None:
    warehouse, _ = log
    counts = "transitions, {}, customers, across_sessions, n_timed, "
    counts += "share_out, share_in, share_all, median_s, p90_s"
    visits = "node, kind, visits, {}, customers, moves_in, moves_out"
    for level in LEVELS:
        asked(warehouse, "graph_edges", "graph_nodes", level=level)
        for own, built, columns in (
            ("graph_edges", "transitions", f"from_node, to_node, {counts}"),
            ("graph_nodes", "nodes", visits),
        ):
            found = warehouse.rows(f"select {columns.format('units')} from {own} order by all")
            there = warehouse.rows(
                f"select {columns.format('journeys')} from {built} where level = $level "
                "order by all",
                {"level": level},
            )
            whole = 7 if own == "graph_edges" else 5
            assert [row[:whole] for row in found] == [row[:whole] for row in there]
            for one, other in zip(found, there, strict=True):
                assert one[whole:] == pytest.approx(other[whole:])
            if own == "graph_edges":
                assert 0 < sum(row[5] for row in found) < sum(row[2] for row in found)
    bridged = "select sum(bridged) from graph_edges where from_no > 0"
    asked(warehouse, "graph_edges", level="stage")
    assert warehouse.scalar(bridged) > 0, "steps off the axis lie between, and are not timed"


@pytest.mark.parametrize(
    ("graph", "told"),
    [
        ({"level": "touchpont"}, "there is no such level; did you mean 'touchpoint'"),
        ({"cut": "visit"}, "there is no such cut; choose one of: customer, journey, session"),
        ({"keep": ["Tri"]}, "'Tri': there is no such node; did you mean 'Try'"),
        ({"drop": [*STAGES, *BESIDE]}, "no node is left"),
    ],
)
def test_a_graph_that_does_not_exist_is_told(
    log: tuple[Warehouse, Walked], graph: dict[str, object], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        graph_rows(log[0], Scope(), **graph)  # type: ignore[arg-type]


# The textbook log of process mining by the letters of its activities, and its published edges:
# moves and cases.
TEXTBOOK = ("rtkdx", "rkcdp", "rckditkdp", "rktdx", "rckdikcdickdx", "rckdp")
PUBLISHED = {
    "kd": (6, 4),
    "ck": (4, 3),
    "dp": (3, 3),
    "di": (3, 2),
    "dx": (3, 3),
    "rc": (3, 3),
    "kc": (2, 2),
    "cd": (2, 2),
    "tk": (2, 2),
    "rk": (2, 2),
    "kt": (1, 1),
    "td": (1, 1),
    "rt": (1, 1),
    "ik": (1, 1),
    "ic": (1, 1),
    "it": (1, 1),
}


def spelled_log(*cases: str, gap: str = "minutes") -> list[tuple[str, str, str, str]]:
    """A log of cases whose letters are the events, a minute or a day apart."""
    day, minute = ("{:02}", "10:00") if gap == "days" else ("01", "10:{:02}")
    return [
        (f"case{number}", f"2026-01-{day} {minute}:00".format(place), letter, "web")
        for number, case in enumerate(cases, start=1)
        for place, letter in enumerate(case, start=1)
    ]


LETTERS = toml(
    stages=("r", "d"), goal="d", columns=COLUMNS, map_extra='closes = "silence"\nsilence = "90 d"'
)


def test_directly_follows_counts_are_those_of_the_textbook(build: Build) -> None:
    """One case never ends a journey early, and its last event leaves once, to no node."""
    warehouse = build(spelled_log(*TEXTBOOK), LETTERS, header=HEADER)
    graph = journey_graph(warehouse)
    moves = {a + b: (d["transitions"], d["units"]) for a, b, d in graph.edges(data=True)}
    assert {edge: n for edge, n in moves.items() if "(" not in edge} == PUBLISHED
    ends = {edge: n for edge, n in moves.items() if "(" in edge}
    assert ends == {"(start)r": (6, 6), "p(open)": (3, 3), "x(open)": (3, 3)}


def test_every_way_of_a_journey_is_told(build: Build, tmp_path: Path) -> None:
    """Repeats, cycles, and journeys of one event; a name like a virtual node's stays apart."""
    rows = spelled_log("aababa", "a", "aXb", "X", gap="days")
    named = [(who, at, {"X": "(other)"}.get(what, what), way) for who, at, what, way in rows]
    warehouse = build(named, LETTERS, header=HEADER)

    def edges(**asked_: object) -> dict[str, tuple[int, int, int, float | None]]:
        graph = journey_graph(warehouse, **asked_)  # type: ignore[arg-type]
        return {
            f"{a} {b}".replace("(other) [event]", "X"): (
                *(d["transitions"], d["skipped"], d["n_timed"], d["median_s"]),
            )
            for a, b, d in graph.edges(data=True)
        }

    day = 86_400.0
    ends = {"a (open)": (2, 0, 0, None), "b (open)": (1, 0, 0, None)}
    whole = {
        "(start) a": (3, 0, 0, None),
        "(start) X": (1, 0, 0, None),
        "X (open)": (1, 0, 0, None),
        "a a": (1, 0, 1, day),
        "a b": (2, 0, 2, day),
        "b a": (2, 0, 2, day),
        **ends,
        "a X": (1, 0, 1, day),
        "X b": (1, 0, 1, day),
    }
    assert edges() == whole
    # Over X leads one move, which is counted but not timed; who is only at X is in no edge.
    bridged = {name: row for name, row in whole.items() if "X" not in name}
    assert edges(drop=["(other) [event]"]) == {**bridged, "a b": (3, 1, 2, day)}
    # Not led over, X is other: every way is there, and true neighbours only.
    apart = edges(drop=["(other) [event]"], bridged=False)
    assert apart == {name.replace("X", "(other)"): row for name, row in whole.items()}
    assert edges(top=2) == apart
    totals = [journey_graph(warehouse, drop=["(other) [event]"]).graph[name] for name in (
        "all_moves", "direct", "bridged", "led_over", "left_out", "units_left_out")]  # fmt: skip
    assert totals == [15, 11, 1, 1, 2, 1]


def test_the_same_question_gives_the_same_file(
    log: tuple[Warehouse, Walked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_graph(journey_graph(log[0]), tmp_path / "first.graphml").read_bytes()
    monkeypatch.setattr(answering, "RANGE_EVENTS", 100)
    assert write_graph(journey_graph(log[0]), tmp_path / "second.graphml").read_bytes() == first


def test_a_scope_without_journeys_has_an_empty_graph(log: tuple[Warehouse, Walked]) -> None:
    nobody = Scope(segments={"period": ["2026-01"]}, outcomes=["dropped_explicit"])
    graph = journey_graph(log[0], nobody)
    assert (len(graph), graph.graph["all_moves"], graph.graph["is_met"]) == (0, 0, True)
    assert measured_nodes(graph).empty
    assert measured_edges(graph).empty
    assert len(simplify(graph)) == 0
