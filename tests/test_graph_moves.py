"""The moves of a graph question, by level and cut: drawn tables, and a plain walk along a log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import DataError
from pipeline.project import load_project
from pipeline.questions import CUTS, Scope, graph_rows
from pipeline.run import run
from pipeline.warehouse import Warehouse, open_warehouse

from .conftest import Build, write_csv
from .graph_walk import (
    BESIDE,
    HEADER,
    PROJECT,
    STAGES,
    Walked,
    asked,
    drawn_log,
    moves_of,
    walked,
)

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
    (folder / "squiggle.toml").write_text(PROJECT, encoding="utf-8")
    with open_warehouse(run(load_project(folder)).warehouse) as warehouse:
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


@given(st.data())
@settings(max_examples=40)
def test_the_moves_are_those_of_a_plain_walk(
    log: tuple[Warehouse, Walked], data: st.DataObject
) -> None:
    """At every level and cut, for any nodes and outcomes, bridged or not."""
    warehouse, steps = log
    level, cut = data.draw(st.sampled_from(LEVELS)), data.draw(st.sampled_from(CUTS))
    bridged = data.draw(st.booleans())
    outcomes = data.draw(st.sets(st.sampled_from(["converted", "dropped", "open"])))
    level_no = LEVELS.index(level) + 1
    names = dict(
        warehouse.rows(
            "select node, node_no from node_names where level_no = $no and kind = 'real'",
            {"no": level_no},
        )
    )
    drop = data.draw(st.sets(st.sampled_from(sorted(names)), max_size=len(names) - 1))
    asked(
        *(warehouse, "graph_moves"),
        scope=Scope(outcomes=sorted(outcomes)),
        level=level, cut=cut, drop=sorted(drop), bridged=bridged,
    )  # fmt: skip
    scoped = set(warehouse.rows("select customer_no, journey_no from scoped_journeys"))
    expected = moves_of(
        *(steps, level_no, cut),
        is_scoped=lambda customer, journey: (customer, journey) in scoped,
        is_kept=lambda node: node not in {names[name] for name in drop},
        bridged=bridged,
    )
    assert warehouse.rows("from graph_moves order by all") == expected


def test_the_moves_of_journeys_are_those_of_the_built_graph(log: tuple[Warehouse, Walked]) -> None:
    warehouse, _ = log
    for level_no, level in enumerate(LEVELS, start=1):
        asked(warehouse, "graph_moves", level=level)
        columns = "customer_no, unit_no, from_no, to_no, gap_us"
        own = warehouse.rows(f"select {columns} from graph_moves order by all")
        built = columns.replace("unit_no", "journey_no")
        assert own == warehouse.rows(
            f"select {built} from journey_moves where level_no = {level_no} order by all"
        )


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
