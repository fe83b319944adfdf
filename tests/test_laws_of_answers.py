"""What answers are made of, at their ties, ends and gaps, worked out by hand from a few rows."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import Cohorts, retention
from pipeline.compare.mixing import mixes
from pipeline.funnel import Funnel
from pipeline.funnel.asking import funnel_rows
from pipeline.models import load_questions
from pipeline.patterns.grammar import parse
from pipeline.patterns.symbols import MOST_MUSTS, Names, express
from pipeline.project import project_from
from pipeline.questions import answer
from pipeline.sensitivity.sweep import _elasticity, headlines, sentences
from pipeline.warehouse import scratch

from .compared import HEADER, at, project
from .conftest import Build
from .funnel_logs import at as at_second
from .funnel_logs import warehouse_of
from .parts import QUESTIONS
from .test_patterns import NAMES

SQL = {model.name: model.sql for model in load_questions()}
Rows = Sequence[tuple[Any, ...]]


def made(name: str, **tables: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return what a model makes of drawn tables."""
    with scratch() as desk:
        for table, rows in tables.items():
            desk.register(table, rows)
        return desk.rows(f"from ({SQL[name]}) order by all")


def turned(*ends: str) -> tuple[Any, ...] | None:
    """Which funnel a customer is laid to, by the outcome in each: `d2` dropped at the second step.

    Somebody else is in all of them, for whom nothing changes.
    """
    names = {"c": "converted", "d": "dropped", "o": "open"}
    rows = [
        (who, number, names[end[0]], int(end[1]))
        for who, life in ((1, ends), (2, ["c3"] * len(ends)))
        for number, end in enumerate(life, start=1)
        if end
    ]
    columns = ["customer_no", "funnel_no", "status", "step_no"]
    funnels = pd.DataFrame({"funnel_no": range(1, len(ends) + 1)})
    found = made(
        "funnel_flips", funnel_outcomes=pd.DataFrame(rows, columns=columns), asked_funnels=funnels
    )
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("ends", "funnel_no"),
    [
        (("c3", "d1", "d2"), 2),  # whether it converted comes before how far it got
        (("d1", "d2", "o2"), 2),  # and how far it got before what became of it
        (("c3", "d1", "c3", "d1"), 4),  # the last change is the one
        (("d1", "d2", "d1", "d2"), 4),
        (("o1", "d1", "o1", "d1"), 4),
        (("", "d1"), 2),  # who never entered got nowhere
        (("d2", ""), 2),
        (("c3", "d1", "c3"), None),  # who ends as before makes no difference
    ],
)
def test_a_customer_belongs_to_the_last_change_of_what_differs_most(
    ends: Sequence[str], funnel_no: int | None
) -> None:
    found = turned(*ends)
    assert (found and found[1]) == funnel_no
    if found:
        first, last = (end or "(none)0" for end in (ends[0], ends[-1]))
        told = (found[2][0] + str(found[3]), found[4][0] + str(found[5]))
        assert told == (first[0] + first[-1], last[0] + last[-1])


def shown(values: str, most: int) -> list[str]:
    """The parts of a breakdown by values of one letter each; o stands for (other)."""
    named = ["(other)" if value == "o" else value for value in values]
    found = made(
        "funnel_parts",
        funnel_unit_values=pd.DataFrame({"funnel_no": 1, "value": named}),
        asked_funnels=pd.DataFrame({"funnel_no": [1]}),
        asked_funnel_breakdowns=pd.DataFrame({"funnel_no": [1], "most": [most]}),
    )
    assert [part for _, part, _ in found] == [*range(len(found) - 1), found[-1][1]]
    return [part for _, _, part in found]


def test_so_many_values_are_shown_as_is_asked_and_other_is_none_of_them() -> None:
    assert shown("xxxooooobbaaz", 3) == ["all", "x", "a", "b", "(other)"]
    assert shown("xxxbbaaz", 4) == ["all", "x", "a", "b", "z"]
    assert shown("xoo", 3) == ["all", "x", "(other)"], "what is folded already stays in sight"
    assert shown("xxbbaa", 1) == ["all", "a", "(other)"], "of as many the first by name"


@pytest.mark.tables(*QUESTIONS)
def test_a_moment_is_in_the_period_of_the_project_s_clock(build: Build) -> None:
    """Half past eight in the morning of Tokyo is the evening before in Greenwich."""
    text = project(as_of=at(5), extra='timezone = "Asia/Tokyo"')
    rows = [("ann", at(day), "Look", "ads") for day in range(4)]
    built = build(rows, text, header=HEADER)
    for since in ("2026-01-02T23:30:00Z", datetime(2026, 1, 2, 23, 30, tzinfo=UTC)):
        asked = Cohorts(length="day", periods=1, since=since)
        assert retention(built, asked)["cohort"].tolist() == ["2026-01-03"]


def test_a_figure_that_is_0_at_one_end_has_no_elasticity() -> None:
    factors = {"factor": [0.5, 1.0, 2.0]}
    assert isnan(_elasticity(pd.DataFrame(factors | {"value": [0.0, 0.2, 0.4]})))
    assert _elasticity(pd.DataFrame(factors | {"value": [0.1, 0.2, 0.4]})) == pytest.approx(1)


def test_what_moves_and_comes_back_or_only_falls_does_not_stand_still() -> None:
    factors = {"factor": [0.5, 1.0, 2.0], "set_to": ["5 d", "10 d", "20 d"]}
    head = {"setting": "silence", "map_name": "m", "item": "", "elasticity": float("nan")}
    rows = [
        pd.DataFrame(factors | head | {"figure": name, "value": told, "change": change})
        for name, told, change in (
            ("hill", [0.4, 0.5, 0.5], [-0.1, 0.0, 0.0]),
            ("falling", [0.5, 0.5, 0.3], [0.0, 0.0, -0.2]),
            ("flat", [0.5, 0.5, 0.504], [0.0, 0.0, 0.004]),
        )
    ]
    assert sentences(pd.concat(rows)) == (
        "map 'm', silence from 5 d to 20 d: hill 0.400 to 0.500; falling 0.500 to 0.300; "
        "by less than 1 %: flat.",
    )
    assert sentences(rows[-1])[0].endswith(": nothing moves by more than 1 %: flat.")


@pytest.mark.tables(*QUESTIONS, "map_summary", "squiggle_summary")
def test_headlines_are_of_journeys_that_are_over_and_rates_of_those_watched_so_long(
    build: Build,
) -> None:
    """Ann buys straight away; bob goes back and is under way; nobody is watched for twenty days."""
    text = project(as_of=at(12))
    rows = [("ann", at(0), "Look", "ads"), ("ann", at(1), "Like", "ads")]
    rows += [("ann", at(2), "Buy", "ads"), ("bob", at(9), "Like", "ads")]
    rows += [("bob", at(10), "Look", "ads"), ("bob", at(11), "Like", "ads")]
    built = build([*rows, ("cat", at(1), "Look", "ads")], text, header=HEADER)
    asked = project_from(tomllib.loads(text), folder=Path())
    now, later = (
        headlines(built, asked, factor).set_index("figure")["value"].to_dict()
        for factor in (0.5, 1)
    )
    assert (now["squiggle_index"], now["straight_share"]) == (0, 1)
    assert now["conversion_rate"] == pytest.approx(1 / 3)
    assert isnan(later["conversion_rate"]) and isnan(later["drop_rate"])


def test_a_value_that_only_one_group_has_has_no_rate_in_the_other_and_is_all_mix() -> None:
    """Of a, 30 by x of whom 15 go on, and 10 by y of whom 1; of b, 20 by y of whom 2, by z none."""
    told = [(1, "x", 1, 30, 15), (1, "y", 2, 10, 1), (2, "y", 2, 20, 2), (2, "z", 3, 0, 0)]
    columns = ["group_no", "value", "value_no", "followed", "progressed"]
    counted = pd.DataFrame(told, columns=columns).assign(segment="way", stage_no=1)
    for is_drop in (False, True):
        stage = pd.DataFrame([(1, "rate", "", is_drop)])
        stage.columns = pd.Index(["stage_no", "figure", "item", "is_drop"])
        sums, parts = mixes(counted, stage, least=1)
        (whole,) = sums.to_dict("records")
        rates = (0.6, 0.9) if is_drop else (0.4, 0.1)
        assert (whole["rate_a"], whole["rate_b"]) == pytest.approx(rates)
        assert whole["difference"] == pytest.approx(rates[0] - rates[1])
        assert (whole["mix"], whole["rate"]) == pytest.approx((whole["difference"], 0))
        assert parts["value"].tolist() == ["x", "y", "z"]
        assert parts["rate_a"].isna().tolist() == [False, False, True]
        assert parts["rate_b"].isna().tolist() == [True, False, True]


def test_a_match_needs_the_steps_that_it_cannot_do_without_and_no_others() -> None:
    found = express(parse("a? -> b -> . -> (c | o){2} -> ..."), NAMES)
    assert found.musts == [frozenset({2}), frozenset({3, 4})]
    assert express(parse("a* -> ((b -> c) | c)"), NAMES).musts == []


def test_a_pattern_holds_the_goal_where_every_way_through_it_does() -> None:
    def holds(text: str) -> bool:
        return express(parse(text), NAMES).holds_goal

    assert all(map(holds, ("b", "a -> b{2}", "(a -> b) | (b -> c)", "((b -> c) | b)+ -> a")))
    assert not any(map(holds, ("a", "!b", "b? -> a", "a | b", "stage:First", "(a -> b) | c")))
    letters = "defghijklmb"
    many = Names(
        touchpoints={name: number for number, name in enumerate(letters)},
        stages=dict.fromkeys(range(len(letters))),
        channels={"mail": 1},
        goals=frozenset({letters.index("b")}),
    )
    found = express(parse(" -> ".join(letters)), many)
    assert (len(found.musts), found.holds_goal) == (MOST_MUSTS, True)


@pytest.mark.tables(*QUESTIONS)
def test_an_entry_at_the_very_end_of_an_attempt_opens_none(tmp_path: Path) -> None:
    """Ann's second is at the end of the window, bob's later; cat's is a last step."""
    day = 86_400
    lives = {"ann": [0, 7 * day], "bob": [0, 7 * day + 1], "cat": [0, day, 2 * day]}
    rows = [(who, at_second(second), "A") for who, life in lives.items() for second in life]
    rows += [("zoe", at_second(40 * day), "Z")]
    with warehouse_of(tmp_path, rows) as built:
        for steps, expected in ((["A", "Z"], [1, 2, 1]), (["A", "A"], [1, 2, 2])):
            asked = Funnel(steps, within="7 d", unit="attempt")
            answer(built, ["funnel_attempts"], funnel_rows(built, [asked]))
            found = built.rows(
                "select ids.value, count(*) from funnel_attempts join numbered_customers "
                "using (customer_no) join identity_map as ids using (customer_id) "
                "group by all order by all"
            )
            assert [many for _, many in found] == expected
