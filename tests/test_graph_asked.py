"""The graph that is asked: edges, nodes and sums against a plain walk; nothing is ever lost."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.flows import journey_graph, measured_edges
from pipeline.graph import simplify
from pipeline.questions import CUTS, Scope, answering
from pipeline.statistics import ratio
from pipeline.warehouse import Warehouse, open_warehouse

from .conftest import warehouse_in, write_csv
from .drawing import examples
from .graph_walk import HEADER, PROJECT, STAGES, Move, Walked, asked, drawn_log, moves_of, walked

LEVELS = ("touchpoint", "stage", "channel")
MOVES = "transitions"
TABLES = ("graph_edges", "graph_nodes", "graph_totals")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Walked]]:
    """A log of eighty customers, built once."""
    folder = tmp_path_factory.mktemp("log")
    write_csv(folder / "log.csv", HEADER, drawn_log(80))
    with warehouse_in(folder, PROJECT) as warehouse:
        yield warehouse, walked(warehouse)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Anything that can be asked of the log's graph."""
    level = draw(st.sampled_from(LEVELS))
    names = {"touchpoint": (*STAGES, "Help", "Mail"), "stage": STAGES}.get(
        level, ("ads", "shop", "post")
    )
    return {
        "level": level,
        "cut": draw(st.sampled_from(CUTS)),
        "bridged": draw(st.booleans()),
        "drop": draw(st.sets(st.sampled_from(names), max_size=len(names) - 1).map(sorted)),
        "scope": Scope(
            outcomes=draw(st.sets(st.sampled_from(["converted", "dropped", "open"])).map(sorted))
        ),
    }


def expected_moves(log: tuple[Warehouse, Walked], question: dict[str, Any]) -> list[Move]:
    """The moves by the plain walk; the question has been asked before."""
    warehouse, steps = log
    level_no = LEVELS.index(question["level"]) + 1
    scoped = set(warehouse.rows("select customer_no, journey_no from scoped_journeys"))
    dropped = {
        number
        for number, name in warehouse.rows(
            "select node_no, node from node_names where level_no = $no", {"no": level_no}
        )
        if name in question["drop"]
    }
    return moves_of(
        *(steps, level_no, question["cut"]),
        is_scoped=lambda customer, journey: (customer, journey) in scoped,
        is_kept=lambda node: node not in dropped,
        bridged=question["bridged"],
    )


@given(question=questions())
@examples(25)
def test_the_graph_is_that_of_a_plain_walk_and_everything_adds_up(
    log: tuple[Warehouse, Walked], question: dict[str, Any]
) -> None:
    asked(log[0], *TABLES, **question)
    moves = expected_moves(log, question)
    assert log[0].rows("from graph_moves order by all") == moves
    counts_are_those_of(moves, log[0])
    sums_are_whole(log[0])
    total = totals(log[0])
    asked(log[0], "graph_totals", **{**question, "drop": (), "bridged": False})
    for name in ("units", "steps", "all_moves"):
        assert totals(log[0])[name] == total[name]


def totals(warehouse: Warehouse) -> dict[str, Any]:
    columns = [name for name, _ in warehouse.columns("graph_totals")]
    return dict(zip(columns, warehouse.rows("from graph_totals")[0], strict=True))


def counts_are_those_of(moves: list[Move], warehouse: Warehouse) -> None:
    """Counts, times and visits of every edge and node are those of the moves."""
    edges: dict[Any, list[Move]] = defaultdict(list)
    visits: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        edges[move[4:6]].append(move)
        visits[move[5]].append(move)
        if move[4] == -1:
            visits[-1].append(move)
    found = warehouse.rows(
        "select from_no, to_no, transitions, units, customers, bridged, skipped, "
        "across_sessions, n_timed, median_s, p90_s from graph_edges"
    )
    for *edge, transitions, units, customers, bridged, skipped, across, timed, median, p90 in found:
        own = edges.pop(tuple(edge))
        gaps = [gap / 1e6 for *_, gap, over, _ in own if gap is not None and not over]
        assert (transitions, units, customers) == (
            *(len(own), len({move[1:3] for move in own}), len({move[1] for move in own})),
        )
        assert (bridged, skipped, timed) == (
            *(sum(move[7] > 0 for move in own), sum(move[7] for move in own), len(gaps)),
        )
        assert across == sum(move[8] for move in own)
        assert median == pytest.approx(statistics.median(gaps) if gaps else None)
        assert p90 == pytest.approx(np.quantile(gaps, 0.9) if gaps else None)
    assert not edges
    counted = warehouse.rows("select node_no, visits, units, customers from graph_nodes")
    assert {row[0]: row[1:] for row in counted} == {
        node: (len(own), len({move[1:3] for move in own}), len({move[1] for move in own}))
        for node, own in visits.items()
    }


def sums_are_whole(warehouse: Warehouse) -> None:
    """Shares sum to 1; what enters a node leaves it; bridged, folded and left out are all."""
    edges = warehouse.rows(
        "select from_no, to_no, transitions, share_out, share_in, share_all from graph_edges"
    )
    out, into = Counter[int](), Counter[int]()
    shares: dict[Any, float] = defaultdict(float)
    for left, entered, moves, share_out, share_in, share_all in edges:
        out[left] += moves
        into[entered] += moves
        shares["out", left] += share_out
        shares["in", entered] += share_in
        shares["all"] += share_all
    assert list(shares.values()) == pytest.approx([1] * len(shares))
    assert all(out[node] == into[node] for node in {*out, *into} - {-1, -2, -3})
    assert out[-1] == into[-2] + into[-3]
    total = totals(warehouse)
    assert total["is_met"]
    assert total["transitions"] == sum(out.values())
    assert total["units"] - total["units_left_out"] == out[-1]


@given(question=questions(), top=st.integers(1, 5), coverage=st.floats(0, 1))
@examples(12)
def test_folding_moves_mass_into_other_and_never_hides_an_end(
    log: tuple[Warehouse, Walked], question: dict[str, Any], top: int, coverage: float
) -> None:
    whole = journey_graph(log[0], **question)
    few = journey_graph(log[0], **question, top=top)
    assert sum(kind == "real" for _, kind in few.nodes(data="kind")) <= top
    assert few.graph["transitions"] == whole.graph["transitions"]
    for graph in (few, simplify(whole, coverage, least_reach=0)):
        into, out = dict(graph.in_degree(weight=MOVES)), dict(graph.out_degree(weight=MOVES))
        for end in {"(exit)", "(open)"} & {*whole}:
            assert into[end] == whole.in_degree(end, MOVES)
        for node, kind in graph.nodes(data="kind"):
            if kind in ("real", "start"):
                assert out[node] == whole.out_degree(node, MOVES)
            if kind in ("real", "other"):
                assert into[node] == out[node]


def test_ranges_of_customers_give_the_same_graph(
    log: tuple[Warehouse, Walked], monkeypatch: pytest.MonkeyPatch
) -> None:
    def graph() -> list[list[tuple[Any, ...]]]:
        asked(log[0], *TABLES, level="stage", cut="customer", drop=["Try"])
        return [log[0].rows(f"from {name} order by all") for name in TABLES]

    whole = graph()
    monkeypatch.setattr(answering, "RANGE_EVENTS", 30)
    assert graph() == whole
    asked(log[0], "graph_moves")
    assert log[0].scalar("select count(*) from journey_steps") == len(log[1].steps)


def test_the_uncertainty_of_a_share_is_that_among_customers(
    log: tuple[Warehouse, Walked],
) -> None:
    asked(log[0], "graph_edges", level="channel")
    per_customer: dict[int, Counter[int]] = defaultdict(Counter)
    for _, customer, _, _, left, entered, *_ in moves_of(log[1], 3, "journey"):
        if left == 1:
            per_customer[customer][entered] += 1
    estimates = {
        entered: ratio(
            [ways[entered] for ways in per_customer.values()],
            [ways.total() for ways in per_customer.values()],
        )
        for entered in (-2, 1, 2)
    }
    found = log[0].rows("select to_no, share_out, share_out_se from graph_edges where from_no = 1")
    for entered, share, error in found:
        if entered in estimates:
            assert share == pytest.approx(estimates[entered].value)
            assert error == pytest.approx(estimates[entered].standard_error)
    edges = measured_edges(journey_graph(log[0], level="channel"))
    assert (edges["share_out_lo"] <= edges["share_out"]).all()
    assert (edges["share_out"] <= edges["share_out_hi"] + 1e-12).all()
    assert edges["share_out_lo"].between(0, 1).all()


def test_sessions_and_the_moves_between_them_are_the_journeys(
    log: tuple[Warehouse, Walked],
) -> None:
    """A move across sessions is marked in the graph of journeys, and never in that of sessions."""
    warehouse, _ = log
    across = warehouse.scalar(
        "select count(*) from journey_steps as step join journey_steps as other "
        "on other.customer_no = step.customer_no and other.journey_no = step.journey_no "
        "and other.step_no = step.step_no + 1 "
        "where step.session_no is null or step.session_no is distinct from other.session_no"
    )
    counts, marked = {}, {}
    for cut in CUTS:
        asked(warehouse, *TABLES, cut=cut)
        counts[cut] = warehouse.scalar(
            "select sum(transitions) from graph_edges where from_no > 0 and to_no > 0"
        )
        marked[cut] = warehouse.scalar("select sum(across_sessions) from graph_edges")
    borders = warehouse.scalar("select count(*) - count(distinct customer_no) from journey_facts")
    assert across > 0
    assert counts["customer"] - counts["journey"] == borders
    within = warehouse.scalar(
        "select count(*) from journey_steps as step join journey_steps as other "
        "on other.customer_no = step.customer_no and other.journey_no = step.journey_no "
        "and other.step_no = step.step_no + 1 where step.session_no = other.session_no"
    )
    assert counts["journey"] == within + across
    assert marked["session"] == 0 < marked["journey"] == across <= marked["customer"]
    built = "select sum(across_sessions) from transitions where level = 'touchpoint'"
    assert warehouse.scalar(built) == across


def test_rolling_up_the_unrolled_journey_gives_the_graph_of_stages(
    log: tuple[Warehouse, Walked],
) -> None:
    warehouse, _ = log
    asked(warehouse, *TABLES, level="stage")
    assert not warehouse.rows("from stage_flows where to_stage = '(more)'")
    assert warehouse.rows(
        "select from_node, to_node, transitions from graph_edges "
        "where not is_repeat and from_no > 0 order by all"
    ) == warehouse.rows(
        "select from_stage, to_stage, cast(sum(journeys) as bigint) from stage_flows "
        "group by all order by all"
    )


def test_a_stage_stands_for_all_of_its_touchpoints(sample_warehouse: Path) -> None:
    with open_warehouse(sample_warehouse) as warehouse:
        graph = journey_graph(warehouse, keep=["Interest", "Cart"], drop=["Blog article"])
        named = warehouse.rows(
            "select node from nodes where map_name = 'acquisition' and level = 'touchpoint' "
            "and (stage = 'Interest' or node = 'Cart') and node <> 'Blog article'"
        )
    assert {node for node, kind in graph.nodes(data="kind") if kind == "real"} == {
        node for (node,) in named
    }
    assert graph.graph["is_met"]
    assert graph.graph["bridged"] > 0
