"""Loops that journeys walk: returns, repeats, ping-pong and cycles, against a plain walk."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from statistics import median

import pandas as pd
import pytest

from pipeline.statistics import ratio, wilson
from pipeline.warehouse import Warehouse

from .conftest import Build, toml
from .plain_walks import squiggle
from .walks import CHANNELS, Journey, Walks

DAY_US = 86_400_000_000
ORDER = {"One": 1, "Two": 2, "Three": 3}
LAWS = {
    "edges but no walk": ["AB", "BA", "ABCD"],
    "to and fro": ["ABABA", "BAB", "AABBAA"],
    "one name": ["ABCA", "BCAB", "CBAC", "ABCDA"],
    "no cycle": ["ABCBA", "DABCABD"],
}
# P goes to Q (2 of 4) or R (1 of 4); Q to P or to R (2 of 7 each); R to Q (2 of 7).
CHAIN = ["PQP", "RQR", "QPRQ", "PQR", "Q", "Q", "R", "R", "R"]


def letters(build: Build, laws: dict[str, list[str]]) -> Warehouse:
    """Journeys that are over, one event a letter, a minute apart; each law is a segment's value."""
    rows = [
        (f"{law} {who}", f"2026-01-01 10:{minute:02}:00", letter, law)
        for law, words in laws.items()
        for who, word in enumerate(words)
        for minute, letter in enumerate(word)
    ]
    project = toml(
        stages=["Y", "Z"],
        goal="Z",
        extra='as_of = "2026-06-01"',
        source_extra='keep = ["law"]',
    )
    segment = '\n[[segment]]\nname = "law"\ncolumn = "law"\n'
    return build(rows, project + segment, header=("who", "at", "what", "law"))


def test_loops_are_counted_as_they_are_drawn(build: Build) -> None:
    """Returns, runs and journeys. A return happened; it is not what the graph would allow."""
    warehouse = letters(build, {**LAWS, "chain": CHAIN})
    rows = warehouse.rows(
        "select value, loop, returns, runs, journeys from segment_loops "
        "where segment = 'law' and level = 'touchpoint' and value <> 'chain'"
    )
    found: dict[str, dict[str, tuple[int, int | None, int]]] = {law: {} for law in LAWS}
    for law, loop, *counts in rows:
        found[law][loop] = tuple(counts)
    assert found["edges but no walk"] == {}
    # Every turn of a ping-pong is a return; the whole walk is one run. Repeats are apart.
    assert found["to and fro"] == {
        "A > … > A": (3, None, 2),
        "B > … > B": (2, None, 2),
        "A > A": (2, None, 1),
        "B > B": (1, None, 1),
        "A > B > A": (5, 3, 3),
    }
    # A cycle has one name wherever it is entered, and keeps its direction.
    assert {name: row for name, row in found["one name"].items() if "…" not in name} == {
        "A > B > C > A": (2, 2, 2),
        "A > C > B > A": (1, 1, 1),
        "A > B > C > D > A": (1, 1, 1),
    }
    # A return that crosses itself, or takes long, is no cycle.
    assert found["no cycle"] == {
        "A > … > A": (2, None, 2),
        "B > … > B": (2, None, 2),
        "D > … > D": (1, None, 1),
        "B > C > B": (1, 1, 1),
        "A > B > C > A": (2, 1, 1),
    }
    # The chance under the chain is the product of the shares round the cycle.
    query = "select loop, chain_chance from loops where level = 'touchpoint' and moves > 1"
    chances = {loop: chance for loop, chance in warehouse.rows(query) if loop[0] in "PQR"}
    assert chances == {
        "P > Q > P": pytest.approx(0.14286, abs=5e-6),
        "Q > R > Q": pytest.approx(0.08163, abs=5e-6),
        "P > R > Q > P": pytest.approx(0.02041, abs=5e-6),
    }


def test_where_a_walk_may_go_on_it_has_not_left_the_chain(build: Build) -> None:
    """And channels have no loops: a step has the one that it came by."""
    rows = [
        (f"u{who}", f"2026-01-01 10:{minute:02}:00", letter)
        for who, word in enumerate(CHAIN)
        for minute, letter in enumerate(word)
    ]
    rows += [("late", "2026-05-31 10:00:00", "P"), ("late", "2026-05-31 10:01:00", "P")]
    project = toml(stages=["Y", "Z"], goal="Z", extra='as_of = "2026-06-01"')
    warehouse = build(rows, project)
    query = "select chain_chance from loops where loop = 'P > Q > P'"
    assert warehouse.scalar(query) == pytest.approx(0.14286, abs=5e-6)
    assert warehouse.rows("select distinct level from loops") == [("touchpoint",)]


def plain_loops(nodes: list[str], times: list[int], order: dict[str, int]) -> Iterator[tuple]:
    """Every kind, length, nodes and duration that a walk closes: all pairs of places."""
    visits = [next(run) for _, run in groupby(range(len(nodes)), key=lambda place: nodes[place])]
    for place in range(1, len(nodes)):
        if nodes[place] == nodes[place - 1]:
            yield "repeat", 1, (nodes[place],), times[place] - times[place - 1]
    path = [nodes[place] for place in visits]
    for end in range(len(path)):
        for begin in range(end):
            inner = path[begin:end]
            if path[begin] != path[end] or path[begin] in inner[1:]:
                continue
            took = times[visits[end]] - times[visits[begin]]
            yield "return", None, (path[end],), took
            if len(inner) <= 4 and len(set(inner)) == len(inner):
                first = min(range(len(inner)), key=lambda place: order[inner[place]])
                kind = "ping-pong" if len(inner) == 2 else "cycle"
                yield kind, len(inner), tuple(inner[first:] + inner[:first]), took


def expected(journeys: list[Journey], level: str) -> dict[str, dict[str, float]]:
    """The figures of each loop, counted plainly."""
    names = sorted({node for one in journeys for node in one.nodes("touchpoint")})
    order = {name: place for place, name in enumerate(names)}
    order |= {"One": 1, "Two": 2, "Three": 3}
    able = [one for one in journeys if one.nodes(level)]
    closed: dict[str, list[tuple[Journey, int]]] = defaultdict(list)
    for journey in able:
        steps = [step for step in journey.steps if getattr(step, level) is not None]
        times = [step.occurred_us for step in steps]
        for kind, _, nodes, took in plain_loops(journey.nodes(level), times, order):
            middle = ("…",) if kind == "return" else nodes[1:]
            closed[" > ".join((nodes[0], *middle, nodes[0]))].append((journey, took))
    found = {}
    for name, returns in closed.items():
        walked = {id(one): one for one, _ in returns}.values()
        known = [one for one in walked if one.status != "open"]
        customers = sorted({one.customer_no for one in able})
        mine = Counter(one.customer_no for one, _ in returns)
        all_of = Counter(one.customer_no for one in able)
        rate = ratio([mine[who] for who in customers], [all_of[who] for who in customers])
        low, high = wilson(len(walked), len(able))
        converted = sum(one.status == "converted" for one in walked)
        found[name] = {
            "returns": len(returns),
            "journeys": len(walked),
            "customers": len(mine),
            "open_journeys": len(walked) - len(known),
            "all_journeys": len(able),
            "journey_share_lo": float(low),
            "journey_share_hi": float(high),
            "returns_per_100": 100 * rate.value,
            "returns_lo": max(100 * rate.lower, 0),
            "returns_hi": 100 * rate.upper,
            "converted": converted,
            "conversion_rate": converted / len(known) if known else math.nan,
            "median_s": median(took for _, took in returns) / 1e6,
        }
    return found


def figures(frame: pd.DataFrame, names: list[str]) -> dict[str, dict[str, float]]:
    return frame.set_index("loop")[names].astype(float).to_dict("index")


@pytest.mark.parametrize("level", ["touchpoint", "stage"])
def test_every_figure_of_every_loop_is_that_of_a_plain_walk(walks: Walks, level: str) -> None:
    plain = expected(walks.journeys, level)
    assert len(plain) > 4
    frame = walks.warehouse.frame("from loops where level = $level", {"level": level})
    found = figures(frame, list(next(iter(plain.values()))))
    assert found.keys() == plain.keys()
    for name, figure in plain.items():
        assert found[name] == pytest.approx(figure, nan_ok=True, rel=1e-6), name


def test_the_loops_of_a_segment_are_those_of_its_journeys_alone(walks: Walks) -> None:
    ways = {
        id(one): [s.channel for s in one.steps if s.channel in CHANNELS] for one in walks.journeys
    }
    mail = [one for one in walks.journeys if ways[id(one)][:1] == ["mail"]]
    plain = expected(mail, "touchpoint")
    frame = walks.warehouse.frame(
        "from segment_loops where level = 'touchpoint' and segment = 'way' and value = 'mail'"
    )
    found = figures(frame, list(next(iter(plain.values()))))
    assert found.keys() == plain.keys()
    for name, figure in plain.items():
        assert found[name] == pytest.approx(figure, nan_ok=True, rel=1e-6), name


def test_the_returns_to_a_node_are_its_visits_after_the_first(walks: Walks) -> None:
    wrong = walks.warehouse.rows(
        "select node.level, node.node from nodes as node "
        "left join loops as came on came.form = 'return' and came.level = node.level "
        "and came.node = node.node "
        "left join loops as stayed on stayed.form = 'repeat' and stayed.level = node.level "
        "and stayed.node = node.node where node.kind = 'real' and node.level <> 'channel' "
        "and node.visits - node.journeys <> coalesce(came.returns, 0) + coalesce(stayed.returns, 0)"
    )
    assert wrong == []


def test_returns_to_stages_are_the_revisits_of_the_squiggle(walks: Walks) -> None:
    returns, revisits = walks.warehouse.rows(
        "select (select sum(returns) from loops where level = 'stage' and form = 'return'), "
        "(select revisits from squiggle_summary where population = 'all')"
    )[0]
    assert returns == revisits > 0


def test_repeats_are_those_of_the_graph(walks: Walks) -> None:
    both = walks.warehouse.rows(
        "select loops.returns, edge.transitions, loops.customers, edge.customers "
        "from transitions as edge join loops on loops.form = 'repeat' and loops.level = edge.level "
        "and loops.node = edge.from_node where edge.is_repeat"
    )
    assert both
    assert all(returns == moves and some == same for returns, moves, some, same in both)


def test_a_variant_has_its_customers_and_the_conversion_of_those_whose_outcome_is_known(
    walks: Walks,
) -> None:
    taken: dict[str, list[Journey]] = defaultdict(list)
    for journey in walks.journeys:
        path = [name for name, _ in groupby(journey.nodes("stage"))]
        if path:
            taken[" > ".join(path)].append(journey)
    rows = walks.warehouse.rows(
        "select path, journeys, customers, converted, open, conversion_rate, conversion_lo, "
        "conversion_hi from variants where level = 'stage'"
    )
    assert {path for path, *_ in rows} == set(taken)
    for path, journeys, customers, converted, still_open, rate, low, high in rows:
        own = taken[path]
        known = [one for one in own if one.status != "open"]
        won = sum(one.status == "converted" for one in own)
        assert (journeys, customers) == (len(own), len({one.customer_no for one in own}))
        assert (converted, still_open) == (won, len(own) - len(known))
        assert rate == (pytest.approx(won / len(known)) if known else None)
        if known:
            assert (low, high) == pytest.approx(wilson(won, len(known)))


@pytest.mark.parametrize("level", ["stage", "touchpoint"])
def test_a_variant_tells_its_share_how_long_it_takes_and_how_far_it_strays(
    walks: Walks, level: str
) -> None:
    taken: dict[tuple[str, ...], list[Journey]] = defaultdict(list)
    for journey in walks.journeys:
        nodes = journey.nodes(level)
        path = [name for name, _ in groupby(nodes)] if level == "stage" else nodes
        taken[tuple(path)].append(journey)
    taken.pop((), None)
    everybody = sum(map(len, taken.values()))
    covered = 0
    rows = walks.warehouse.rows(
        "select path, steps, share, coverage, median_days, squiggle_index from variants "
        f"where level = '{level}' order by variant_no"
    )
    assert len(rows) == min(len(taken), 100)
    assert any(row[-1] for row in rows)
    for path, steps, share, coverage, days, index in rows:
        nodes = tuple(path.split(" > "))
        own = taken[nodes]
        covered += len(own)
        lengths = [one.steps[-1].occurred_us - one.steps[0].occurred_us for one in own]
        staged = [ORDER[stage] for stage in own[0].nodes("stage")]
        assert (steps, share) == (len(nodes), pytest.approx(len(own) / everybody))
        assert coverage == pytest.approx(covered / everybody)
        assert days == pytest.approx(median(lengths) / DAY_US)
        assert index == pytest.approx(squiggle(staged) if staged else None)
