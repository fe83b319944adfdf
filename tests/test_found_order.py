"""The order that moves suggest without a stage map, and the check of a declared map against it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from pipeline.cli.notes import notes
from pipeline.graph import found_levels, order_fit

from .conftest import Build, toml

Edges = dict[tuple[int, int], int]
W: Edges = {(0, 1): 10, (1, 0): 2, (1, 2): 8, (2, 1): 3, (2, 3): 5}
STAGES = ("A", "B", "C", "D", "E")


def frames(edges: Edges, stages: dict[int, int] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the working tables order_nodes and order_moves of one map at touchpoint level."""
    numbers = sorted({node for edge in edges for node in edge} | set(stages or {}))
    nodes = pd.DataFrame(
        [(1, 1, node, (stages or {}).get(node), 1, 1) for node in numbers],
        columns=["map_no", "level_no", "node_no", "stage_no", "visits", "journeys"],
    )
    moves = pd.DataFrame(
        [(1, 1, a, b, n) for (a, b), n in edges.items()],
        columns=["map_no", "level_no", "from_no", "to_no", "transitions"],
    )
    return nodes, moves


@pytest.mark.parametrize(
    ("edges", "levels", "incoherence"),
    [
        ({(1, 2): 1, (2, 3): 1, (3, 4): 1}, [0, 1, 2, 3], 0),
        ({(1, 2): 1, (2, 3): 1, (3, 1): 1}, [0, 0, 0], 1),
        ({(1, 2): 1, (2, 3): 1, (1, 3): 1}, [0, 2 / 3, 4 / 3], 1 / 9),
        ({(1, 2): 3, (2, 1): 1}, [0, 0.5], 0.75),
        (W, [0, 0.666667, 1.121212, 2.121212], 0.549784),
        ({(1, 2): 1, (7, 9): 7}, [0, 1, 0, 1], 0),
    ],
    ids=["path", "cycle", "shortcut", "two ways", "worked", "two parts"],
)
def test_levels_and_incoherence_are_the_published_ones(
    edges: Edges, levels: list[float], incoherence: float
) -> None:
    nodes, moves = frames(edges)
    found = found_levels(nodes, moves)
    assert found["trophic_level"].to_list() == pytest.approx(levels, abs=5e-7)
    assert order_fit(found, nodes, moves).loc[0, "incoherence"] == pytest.approx(
        incoherence, abs=5e-7
    )


def test_the_order_of_the_rows_does_not_matter() -> None:
    nodes, moves = frames(W)
    turned = found_levels(nodes[::-1], moves[::-1])
    pd.testing.assert_frame_equal(turned, found_levels(nodes, moves))


def test_a_node_that_nothing_leads_to_or_from_has_no_place() -> None:
    nodes, moves = frames({(1, 2): 1}, {1: 1, 2: 2, 3: 3})
    found = found_levels(nodes, moves)
    assert found["trophic_level"].to_list()[:2] == [0, 1]
    assert math.isnan(found["trophic_level"].to_list()[2])
    fit = order_fit(found, nodes, moves).iloc[0]
    assert (fit.ordered, fit.compared) == (2, 2)
    assert math.isnan(fit.rho)  # two points always lie on a line


def test_nothing_at_all_has_no_order() -> None:
    nodes, moves = frames({})
    assert found_levels(nodes, moves).empty
    assert order_fit(found_levels(nodes, moves), nodes, moves).empty


@pytest.mark.parametrize(
    ("stages", "rho"), [((1, 2, 3, 4), 1), ((4, 3, 2, 1), -1), ((1, 1, 2, 2), 2 / math.sqrt(5))]
)
def test_rho_compares_the_found_order_with_the_declared_stages(
    stages: tuple[int, ...], rho: float
) -> None:
    """With ties at their mean rank: (1.5, 1.5, 3.5, 3.5) against (1, 2, 3, 4) is 2/√5."""
    nodes, moves = frames(W, dict(enumerate(stages)))
    assert order_fit(found_levels(nodes, moves), nodes, moves).loc[0, "rho"] == pytest.approx(rho)


def test_many_random_moves_have_next_to_no_direction() -> None:
    draw = np.random.default_rng(5)
    ends = draw.integers(0, 1000, (9000, 2))
    nodes, moves = frames({(int(a), int(b)): 1 for a, b in ends if a != b})
    fit = order_fit(found_levels(nodes, moves), nodes, moves)
    assert 0.85 < fit.loc[0, "incoherence"] <= 1


def moving(order: str, times: int) -> list[tuple[str, str, str]]:
    """Customers who go through the stages in this order, a minute apart."""
    return [
        (f"{order}{n}", f"2026-01-01 10:{minute:02}:00", letter)
        for n in range(times)
        for minute, letter in enumerate(order)
    ]


def test_a_map_in_whose_order_nobody_moves_is_doubtful_and_told(build: Build) -> None:
    """Everybody moves from A to E: one map says so, the other says nearly the opposite."""
    wrong = '[[map]]\nname = "wrong"\nstages = ["E", "D", "B", "C", "A"]\ngoal = "E"\n'
    built = build(moving("ABCDE", 10), toml(stages=STAGES, goal="E") + wrong)
    order = built.rows(
        "select map_name, node, place, stage_no from found_order "
        "where level = 'touchpoint' order by map_name, place"
    )
    assert order == [
        *(("journey", node, place, place) for place, node in enumerate("ABCDE", start=1)),
        *(("wrong", node, place, "EDBCA".index(node) + 1) for place, node in enumerate("ABCDE", 1)),
    ]
    right, other = built.frame("from stage_map_check order by map_name").to_dict("records")
    assert (right["rho"], right["incoherence"], right["is_doubtful"]) == (1, 0, False)
    assert (other["touchpoints"], other["moves"], other["is_doubtful"]) == (5, 40, True)
    assert other["rho"] == pytest.approx(-0.9)
    assert (other["incoherence"], other["stage_incoherence"]) == (0, 0)  # all move alike
    (note,) = [one for one in notes(built) if "order of its stages" in one]
    assert note.startswith("map 'wrong': customers do not move in the order of its stages")


def test_the_worked_example_through_a_build(build: Build) -> None:
    """Each move is made by a customer of its own."""
    rows = [
        row
        for (a, b), times in W.items()
        for row in moving(STAGES[a] + STAGES[b], times)
    ]  # fmt: skip
    built = build(rows, toml(stages=STAGES, goal="E", map_extra='closes = "silence"'))
    found = built.rows("select trophic_level from found_order where level = 'stage' order by node")
    assert [level for (level,) in found] == pytest.approx(
        [0, 0.666667, 1.121212, 2.121212], abs=5e-7
    )
    row = built.frame("from stage_map_check").iloc[0]
    assert row.incoherence == pytest.approx(0.549784, abs=5e-7)
    assert row.rho == 1
