"""Journeys chosen by the path that they take: every question is asked of these alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import Funnel, Scope, attribution, compare, funnel, influence, journey_graph, paths
from pipeline.errors import DataError
from pipeline.funnel.reading import funnel_from
from pipeline.models import load_questions
from pipeline.questions import answer, answering, scope_rows
from pipeline.questions.answering import needed

from .commands import refused, told
from .walks import Journey, Walks

LETTER = {"Ad": "a", "Cart": "c", "Home page": "h", "Order": "o", "Help": "x"}


def spelled(journey: Journey) -> str:
    return "".join(LETTER[step.touchpoint] for step in journey.steps)


def lives(pattern: str) -> Callable[[Journey], bool]:
    return lambda journey: re.search(pattern, spelled(journey)) is not None


def chosen(walks: Walks, scope: Scope) -> set[tuple[int, int]]:
    answer(walks.warehouse, ["scoped_journeys"], scope_rows(walks.warehouse, scope))
    return set(walks.warehouse.rows("select customer_no, journey_no from scoped_journeys"))


# What is asked, and the same in plain words of Python.
CHOSEN: dict[str, tuple[Scope, Callable[[Journey], bool]]] = {
    "no pattern leaves all": (Scope(), lambda _: True),
    "one pattern": (Scope(matching=["Cart -> ... -> Help"]), lives("c.*x")),
    "a journey matches every pattern": (
        Scope(matching=["Cart -> Ad", "stage:One{2,}", "^ !Help"]),
        lambda one: lives("ca")(one) and lives("[ah]{2}")(one) and lives("^[^x]")(one),
    ),
    "the same one twice is once": (Scope(matching=["Help", "Help"]), lives("x")),
    "never is a path from end to end": (Scope(matching=["^ !Help+ $"]), lives("^[^x]*$")),
    "by channel": (
        Scope(matching=["Ad & channel:web"]),
        lambda one: any(step.touchpoint == "Ad" and step.channel == "web" for step in one.steps),
    ),
    "beside an outcome": (
        Scope(outcomes=["dropped"], matching=["Cart"]),
        lambda one: one.status.startswith("dropped") and lives("c")(one),
    ),
    "nobody": (Scope(matching=["Order -> Ad"]), lambda _: False),
}


@pytest.mark.parametrize("ranges", [False, True], ids=["", "in ranges"])
@pytest.mark.parametrize(("scope", "is_one"), CHOSEN.values(), ids=list(CHOSEN))
def test_the_journeys_are_those_that_match(
    scope: Scope,
    is_one: Callable[[Journey], bool],
    ranges: bool,
    walks: Walks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if ranges:
        monkeypatch.setattr(answering, "RANGE_EVENTS", 100)
    assert chosen(walks, scope) == {
        (one.customer_no, one.journey_no) for one in walks.journeys if is_one(one)
    }


def test_beside_a_segment_they_are_those_of_both(walks: Walks) -> None:
    web = {"way": ["web"]}
    one, other, both = (
        chosen(walks, scope)
        for scope in (
            Scope(segments=web),
            Scope(matching=["Cart"]),
            Scope(segments=web, matching=["Cart"]),
        )
    )
    assert both == one & other
    assert 0 < len(both) < min(len(one), len(other))


def test_each_group_has_patterns_of_its_own(walks: Walks) -> None:
    groups = (Scope(matching=["Help"]), Scope(), Scope(matching=["^ !Help+ $", "Cart"]))
    answer(walks.warehouse, ["scoped_journeys"], scope_rows(walks.warehouse, *groups))
    counted = walks.warehouse.rows(
        "select group_no, count(*) from scoped_journeys group by group_no order by group_no"
    )
    tests = (lives("x"), lambda _: True, lambda one: lives("c")(one) and not lives("x")(one))
    assert counted == [
        (number, sum(map(test, walks.journeys))) for number, test in enumerate(tests, start=1)
    ]


HELPED = Scope(matching=["Cart -> ... -> Help"])


@pytest.fixture
def helped(walks: Walks) -> list[Journey]:
    found = [one for one in walks.journeys if lives("c.*x")(one)]
    assert 10 < len(found) < len(walks.journeys) / 2
    return found


def test_a_graph_is_that_of_these(walks: Walks, helped: list[Journey]) -> None:
    graph = journey_graph(walks.warehouse, HELPED)
    visits = {node: own["visits"] for node, own in graph.nodes.items() if own["kind"] == "real"}
    assert visits == {
        name: sum(spelled(one).count(letter) for one in helped)
        for name, letter in LETTER.items()
        if any(letter in spelled(one) for one in helped)
    }


def test_steps_are_those_of_these(walks: Walks, helped: list[Journey]) -> None:
    found = paths.steps(walks.warehouse, "Help", HELPED, forward=1).nodes
    here = found[found["step"] == 0]
    assert here["units"].tolist() == [len(helped)]


@pytest.mark.parametrize("unit", ["customer", "session"])
def test_a_funnel_is_entered_by_these(walks: Walks, helped: list[Journey], unit: str) -> None:
    asked = Funnel(["Cart", "Order"], unit=unit, within="none", scope=HELPED)
    keys = {
        (one.customer_no, step.session_no if unit == "session" else 0)
        for one in helped
        for step in one.steps
        if step.touchpoint == "Cart"
    }
    assert funnel(walks.warehouse, asked).steps["reached"].iloc[0] == len(keys)


def test_a_funnel_file_names_them(walks: Walks) -> None:
    told = {"steps": ["Cart", "Order"], "within": "none", "matching": ["Cart -> ... -> Help"]}
    one, other = (
        funnel(walks.warehouse, asked).steps
        for asked in (funnel_from(told), Funnel(["Cart", "Order"], within="none", scope=HELPED))
    )
    assert one.equals(other)


def test_a_pattern_is_held_against_these(walks: Walks, helped: list[Journey]) -> None:
    found = paths.pattern(walks.warehouse, "Order", HELPED).outcomes
    assert found["journeys"].tolist() == [
        sum("o" in spelled(one) for one in helped),
        sum("o" not in spelled(one) for one in helped),
    ]


def test_behind_a_pattern_are_those_of_these(walks: Walks, helped: list[Journey]) -> None:
    who = {one.customer_no for one in helped if "o" in spelled(one)}
    found = paths.behind_pattern(walks.warehouse, "Order", HELPED).customers(walks.warehouse)
    assert len(found) == len(who)
    examples = paths.pattern(walks.warehouse, "Order", HELPED, examples=1_000).examples
    assert len(examples) == sum("o" in spelled(one) for one in helped)


def test_the_select_that_is_shown_gives_the_same(walks: Walks, helped: list[Journey]) -> None:
    behind = paths.behind_node(walks.warehouse, "Help", HELPED)
    shown = walks.warehouse.frame(behind.sql())
    assert shown.equals(behind.customers(walks.warehouse))
    assert len(shown) == len({one.customer_no for one in helped})


def test_what_journeys_are_credited_to_is_of_these(walks: Walks, helped: list[Journey]) -> None:
    won = sum(one.status == "converted" for one in helped)
    assert attribution(walks.warehouse, scope=HELPED).totals["conversions"] == won


def test_groups_told_apart_by_path_are_not_compared_by_how_they_end(walks: Walks) -> None:
    other = Scope(matching=["^ !Help+ $"])
    found = compare(walks.warehouse, Scope(matching=["Help"]), other, draws=20)
    assert any("told apart by the path" in note for note in found.notes)
    rates = found.figures[found.figures["figure"].isin(["conversion_rate", "drop_rate"])]
    assert len(rates)
    assert rates["difference"].isna().all()


def test_of_groups_that_both_match_it_is_said(walks: Walks) -> None:
    one, other = (Scope(segments={"way": [way]}, matching=["Help"]) for way in ("web", "mail"))
    found = compare(walks.warehouse, one, other, draws=20)
    assert any(note.startswith("Only journeys that match a path") for note in found.notes)
    plain = compare(walks.warehouse, Scope(segments=one.segments), Scope(segments=other.segments),
                    draws=20)  # fmt: skip
    assert not any("match a path" in note for note in plain.notes)


@pytest.mark.parametrize("scope", [HELPED, Scope(outcomes=["converted"])], ids=["path", "outcome"])
def test_influence_is_not_asked_of_what_comes_later(scope: Scope, walks: Walks) -> None:
    with pytest.raises(DataError, match="not known at a touch"):
        influence(walks.warehouse, scope)


def test_a_step_that_does_not_exist_is_pointed_at(walks: Walks) -> None:
    with pytest.raises(DataError, match="there is no touchpoint or stage 'Halp'; did you mean"):
        journey_graph(walks.warehouse, Scope(matching=["Cart -> Halp"]))


def test_without_a_pattern_none_is_looked_for(walks: Walks) -> None:
    """What is given is not made: no journey is spelled for a question without a pattern."""
    questions = {model.name: model for model in load_questions()}
    for scope, asked in ((Scope(), []), (HELPED, ["asked_pattern"])):
        rows = scope_rows(walks.warehouse, scope)
        chain = needed(["scoped_journeys"], questions, rows)
        assert [model.name for model in chain if model.name == "asked_pattern"] == asked


def test_compare_and_a_funnel_of_a_file_take_a_path(walks: Walks, tmp_path: Path) -> None:
    here = ("-p", walks.warehouse.path.parent)
    groups = ("compare", "-a", "way=web", "-b", "way=mail", "--draws", "20", *here)
    said = "Only journeys that match a path"
    assert (said in told(*groups), said in told(*groups, "--matching", "Help")) == (False, True)
    path = tmp_path / "funnel.toml"
    path.write_text('steps = ["Cart", "Order"]', encoding="utf-8")
    one, other = (
        told("funnel", "--file", path, *here, "--json", *more)
        for more in ((), ("--matching", "Help"))
    )
    assert json.loads(one)["steps"] != json.loads(other)["steps"]


@pytest.mark.parametrize(
    "command",
    [
        *("funnel Awareness Loyalty", "graph", "steps --anchor Loyalty", "pattern Loyalty"),
        "customers --node Awareness",
    ],
)
def test_every_question_takes_a_path(command: str, small_project: Path) -> None:
    asked = (*command.split(), "-p", small_project, "--matching")
    assert told(*asked, "Awareness -> Loyalty")
    assert "did you mean 'Loyalty'" in refused(*asked, "Loyalt")
