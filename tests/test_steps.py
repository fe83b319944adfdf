"""Steps round an anchor against a plain walk: the same counts, and nothing is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DataError
from pipeline.paths import steps
from pipeline.questions import CUTS, Scope

from .conftest import Build, toml
from .drawing import examples
from .parts import QUESTIONS
from .walks import Walks

pytestmark = pytest.mark.tables(*QUESTIONS)

Unit = tuple[list[str], list[int], bool]


def plain_units(walks: Walks, level: str, cut: str, merged: bool) -> list[Unit]:
    """Nodes, times and whether it is over, of every unit that has a node."""
    as_of, gap = walks.warehouse.rows(
        "select as_of.as_of_us, session_gap_us from as_of cross join cfg_settings"
    )[0]
    units: dict[Any, list[Any]] = defaultdict(list)
    over: dict[Any, bool] = {}
    for journey in walks.journeys:
        for step in journey.steps:
            key: tuple[int, ...] = (journey.customer_no, journey.journey_no)
            over_now = journey.is_closed
            if cut == "session":
                key = (journey.customer_no, step.session_no)
                over_now = as_of - step.occurred_us > gap
            elif cut == "customer":
                key = (journey.customer_no,)
            over[key] = over_now
            if getattr(step, level) is not None:
                units[key].append((getattr(step, level), step.occurred_us))
    found = []
    for key, walked in units.items():
        kept = [next(run) for _, run in groupby(walked, key=lambda one: one[0])]
        kept = kept if merged else walked
        found.append(([node for node, _ in kept], [at for _, at in kept], over[key]))
    return found


def plain_places(
    units: list[Unit], anchor: str, nth: str | int, back: int, forward: int
) -> list[dict[int, tuple[str, int | None]]]:
    """For each unit with the anchor, node and time at every step."""
    found = []
    for nodes, times, is_over in units:
        places = [place for place, node in enumerate(nodes) if node == anchor]
        if anchor in ("(start)", "(end)"):
            places = [-1 if anchor == "(start)" else len(nodes)]
        wanted = {"first": 0, "last": -1}.get(str(nth))
        wanted = int(nth) - 1 if wanted is None else wanted
        if wanted >= len(places) or not places:
            continue
        at = places[wanted] if anchor not in ("(start)", "(end)") else places[0]
        row: dict[int, tuple[str, int | None]] = {}
        for step in range(-back - 1, forward + 2):
            place = at + step
            if place < 0:
                row[step] = ("(start)", None)
            elif place >= len(nodes):
                row[step] = ("(exit)" if is_over else "(open)", None)
            elif step < -back or step > forward:
                row[step] = ("(more)", None)
            else:
                row[step] = (nodes[place], times[place])
        found.append(row)
    return found


asked_steps = st.fixed_dictionaries(
    {
        "anchor": st.sampled_from(["Cart", "Home page", "Two", "web", "(start)", "(end)"]),
        "nth": st.sampled_from(["first", "last", 2, 3]),
        "back": st.integers(0, 3),
        "forward": st.integers(0, 3),
        "cut": st.sampled_from(CUTS),
        "merge_repeats": st.booleans(),
        "most": st.integers(0, 3),
    }
)


@given(asked_steps)
@examples(30)
def test_the_steps_are_those_of_a_plain_walk_and_nothing_is_lost(
    walks: Walks, asked: dict[str, Any]
) -> None:
    level = {"Two": "stage", "web": "channel"}.get(asked["anchor"], "touchpoint")
    if asked["anchor"].startswith("("):
        asked = {**asked, "nth": "first"}
    found = steps(walks.warehouse, level=level, **asked)
    units = plain_units(walks, level, asked["cut"], asked["merge_repeats"])
    rows = plain_places(units, *(asked[key] for key in ("anchor", "nth", "back", "forward")))
    assert (found.units, found.anchored) == (len(units), len(rows))

    # Nothing is lost: every column is all of them, and what comes in goes out.
    columns = found.nodes.groupby("step")["units"].sum()
    assert set(columns) <= {len(rows)}
    nodes = {(row["step"], row["node"]): row["units"] for row in found.nodes.to_dict("records")}
    virtual = {"(start)", "(exit)", "(open)", "(more)"}
    into: Counter[tuple[int, str]] = Counter()
    out: Counter[tuple[int, str]] = Counter()
    for link in found.links.to_dict("records"):
        out[link["step"], link["from_node"]] += link["units"]
        into[link["step"] + 1, link["to_node"]] += link["units"]
    for (step, node), count in nodes.items():
        if node not in virtual:
            assert into[step, node] == out[step, node] == count

    # The same counts; the nodes that are not shown are together.
    plain = Counter((step, node) for row in rows for step, (node, _) in row.items())
    every = Counter(node for row in rows for node, _ in row.values() if node not in virtual)
    shown = {node for _, node in nodes} - {"(other)"} - virtual
    if asked["most"]:
        assert len(shown) == min(asked["most"], len(every))
        least = min((every[node] for node in shown), default=0)
        assert all(every[node] <= least for node in every if node not in shown)
    else:
        assert shown == set(every)
    folded: Counter[tuple[int, str]] = Counter()
    took: dict[tuple[int, str, str], list[float]] = defaultdict(list)
    for (step, node), count in plain.items():
        folded[step, node if node in shown | virtual else "(other)"] += count
    assert nodes == dict(folded)
    for row in rows:
        for step in range(-asked["back"], asked["forward"]):
            (one, begun), (two, ended) = row[step], row[step + 1]
            if begun is not None and ended is not None:
                key = [node if node in shown else "(other)" for node in (one, two)]
                took[step, key[0], key[1]].append((ended - begun) / 1e6)
    for link in found.links.to_dict("records"):
        lasted = took.get((link["step"], link["from_node"], link["to_node"]))
        if lasted is not None:
            assert link["units"] == len(lasted)
            assert link["mean_s"] == pytest.approx(mean(lasted))
            assert link["median_s"] == pytest.approx(median(lasted))


def test_a_customer_counts_once_at_a_step_and_from_the_first_end_on(build: Build) -> None:
    """Ann has two journeys, X A and A Y, bob has A alone. To what is not shown no time is told."""
    log = [
        ("ann", "2026-01-01 10:00:00", "X"), ("ann", "2026-01-01 11:00:00", "A"),
        ("ann", "2026-02-01 10:00:00", "A"), ("ann", "2026-02-01 11:00:00", "Y"),
        ("bob", "2026-01-01 10:00:00", "A"),
    ]  # fmt: skip
    options = 'silence = "5 d"'
    built = build(log, toml(extra='as_of = "2026-06-01"', map_extra=options))
    found = steps(built, "A", back=2, forward=2)
    counted = {
        (row["step"], row["node"]): (row["units"], row["customers"])
        for row in found.nodes.to_dict("records")
        if abs(row["step"]) in (1, 2)
    }
    assert counted == {
        (-2, "(start)"): (3, 2), (-1, "(start)"): (2, 2), (-1, "X"): (1, 1),
        (1, "(exit)"): (2, 2), (1, "Y"): (1, 1), (2, "(exit)"): (3, 2),
    }  # fmt: skip
    links = steps(built, "A", back=0, forward=0).links
    assert {(row["from_node"], row["to_node"]) for row in links.to_dict("records")} == {
        ("(start)", "A"), ("(more)", "A"), ("A", "(more)"), ("A", "(exit)"),
    }  # fmt: skip
    assert links["mean_s"].isna().all()


def test_an_anchor_that_nobody_has_gives_no_rows(walks: Walks) -> None:
    found = steps(walks.warehouse, "Order", Scope(outcomes=["dropped"]))
    assert (found.anchored, len(found.nodes), len(found.links)) == (0, 0, 0)
    assert found.units > 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"anchor": "Crt"}, "there is no such touchpoint; did you mean 'Cart'"),
        ({"anchor": "(open)"}, "there is no such touchpoint; did you mean"),
        ({"anchor": "Cart", "nth": "second"}, "write first, last or a number"),
        ({"anchor": "Cart", "nth": 0}, "write first, last or a number"),
        ({"anchor": "Cart", "forward": 1000}, "steps are counted from 0 to 100"),
        ({"anchor": "Cart", "level": "stages"}, "there is no such level; did you mean 'stage'"),
        ({"anchor": "Cart", "cut": "visit"}, "there is no such cut"),
    ],
)
def test_what_cannot_be_asked_is_told(walks: Walks, options: dict[str, Any], told: str) -> None:
    with pytest.raises(DataError, match=told):
        steps(walks.warehouse, **options)
