"""Attribution: every conversion is credited once, whatever the rule, and no touch is used twice."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline import Attribution, Scope, attribution
from pipeline.credit import NO_TOUCH, OTHER, RULES, Credits

from .conftest import Build, shared, toml

TABLES = (
    *("journey_facts", "journey_segments", "journey_values", "segment_values"),
    *("touchpoint_names", "figure_fingerprints"),
)
pytestmark = pytest.mark.tables(*TABLES)
HEADER = ("who", "at", "what", "way", "ad", "money")
PROJECT = toml(
    stages=("See", "Look", "Buy"),
    goal="Buy",
    extra='as_of = "2027-01-01"',
    columns='user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\n'
    'campaign = "ad"\nvalue = "money"',
    map_extra='silence = "60 d"',
) + ('\n[[segment]]\nname = "first way"\ncolumn = "channel"\n')
START = datetime(2026, 1, 1)

Row = tuple[str, str, str, str, str, str]


def row(who: str, day: float, what: str, way: str = "", ad: str = "", money: str = "") -> Row:
    return who, f"{START + timedelta(days=day):%Y-%m-%d %H:%M:%S}", what, way, ad, money


def walked(*paths: tuple[str, bool]) -> list[Row]:
    """Each path a customer of its own: a touch a day, and a conversion an hour later, or none."""
    rows = []
    for number, (path, converts) in enumerate(paths):
        ways = path.split(">")
        rows += [row(f"c{number}", day, "See", way) for day, way in enumerate(ways)]
        if converts:
            rows.append(row(f"c{number}", len(ways) - 1 + 1 / 24, "Buy", "", "", "100"))
    return rows


T3 = walked(
    ("A>B>A", True), ("B", False), ("B", False), ("A>A>C", True), ("A>A>C", False),
    ("C>B", True), ("C>B", True),
)  # fmt: skip


def credited(found: Credits, rule: str, column: str = "conversions") -> dict[str, float]:
    """What a rule credits each name with, rounded; names that get nothing are left out."""
    rows = found.credits[found.credits["rule"] == rule]
    each = {row.name: round(getattr(row, column), 4) for row in rows.itertuples(index=False)}
    return {name: number for name, number in each.items() if number}


def asked(build: Build, rows: Sequence[Row], scope: Scope | None = None, **options: Any) -> Credits:
    return attribution(build(rows, PROJECT, header=HEADER), Attribution(**options), scope, draws=9)


def test_every_rule_credits_the_drawn_paths_as_worked_out_by_hand(build: Build) -> None:
    found = asked(build, T3)
    assert {rule: credited(found, rule) for rule in RULES} == {
        "first": {"A": 2, "C": 2},
        "last": {"A": 1, "B": 2, "C": 1},
        "last_non_direct": {"A": 1, "B": 2, "C": 1},
        "linear": {"A": 1.3333, "B": 1.3333, "C": 1.3333},
        "linear_unique": {"A": 1, "B": 1.5, "C": 1.5},
        "position_based": {"A": 1.4, "B": 1.2, "C": 1.4},
        "time_decay": {
            "A": round(sum(2 ** (-age / 7) for age in (0, 2)) / _decay(3)
                       + sum(2 ** (-age / 7) for age in (1, 2)) / _decay(3), 4),
            "B": round(2 ** (-1 / 7) / _decay(3) + 2 / _decay(2), 4),
            "C": round(1 / _decay(3) + 2 * 2 ** (-1 / 7) / _decay(2), 4),
        },
        "markov": {"A": 1.3892, "B": 1.4345, "C": 1.1762},
    }  # fmt: skip
    effects = dict(zip(found.names["name"], found.names["removal_effect"], strict=True))
    assert effects == pytest.approx({"A": 0.575, "B": 0.59375, "C": 0.486842}, abs=1e-6)
    assert (found.totals["touched_conversions"], found.totals["touched_dropped"]) == (4, 3)


def _decay(touches: int) -> float:
    return sum(2 ** (-age / 7) for age in range(touches))


def test_removal_effects_are_those_of_a_published_example(build: Build) -> None:
    case = shared("oracles", "attr_01_markov_analyzecore")
    with (case / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (one["customer_id"], one["timestamp"], "Buy" if one["conversion"] == "1" else "See")
            + (one["channel"], "", "")
            for one in csv.DictReader(file)
        ]
    found = asked(build, rows)
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    effects = dict(zip(found.names["name"], found.names["removal_effect"], strict=True))
    assert effects == pytest.approx(expected["removal_effect"])
    assert credited(found, "markov") == pytest.approx(expected["weight"])


@pytest.mark.parametrize(
    ("repeats", "linear"),
    [
        ("keep", {"a": 0.5714, "Direct": 0.4286}),  # a > a > a > Direct > a > Direct > Direct
        ("merge", {"a": 0.5, "Direct": 0.5}),  # a > Direct > a > Direct
        ("first", {"a": 0.5, "Direct": 0.5}),  # a > Direct
    ],
)
def test_repeats_are_kept_or_merged_or_only_the_first_counts(
    build: Build, repeats: str, linear: dict[str, float]
) -> None:
    found = asked(build, walked(("a>a>a>Direct>a>Direct>Direct", True)), repeats=repeats)
    touches = dict(zip(found.names["name"], found.names["touches"], strict=True))
    assert (
        touches
        == {
            "keep": {"a": 4, "Direct": 3},
            "merge": {"a": 2, "Direct": 2},
            "first": {"a": 1, "Direct": 1},
        }[repeats]
    )
    assert credited(found, "linear") == linear


def test_money_is_credited_like_conversions(build: Build) -> None:
    rows = [row("ann", 0, "See", "Direct"), row("ann", 1, "See", "Organic")]
    rows += [row("ann", 2, "See", "Direct"), row("ann", 2.1, "Buy", "", "", "140")]
    found = asked(build, rows)
    assert credited(found, "position_based", "value") == {"Direct": 112, "Organic": 28}
    assert credited(found, "linear_unique", "value") == {"Direct": 70, "Organic": 70}
    assert found.totals["value"] == found.totals["touched_value"] == 140


def test_a_name_that_dear_conversions_need_gets_more_money_than_conversions(build: Build) -> None:
    rows = [row("ann", 0, "See", "A"), row("ann", 1, "Buy", "", "", "90")]
    found = asked(build, [*rows, row("bob", 0, "See", "B"), row("bob", 1, "Buy", "", "", "10")])
    assert credited(found, "markov") == {"A": 1, "B": 1}
    assert credited(found, "markov", "value") == {"A": 90, "B": 10}
    assert found.names["value_removal_effect"].tolist() == [0.9, 0.1]


def test_time_decay_halves_a_touch_with_each_half_life(build: Build) -> None:
    rows = [row("ann", day, "See", way) for day, way in ((0, "A"), (7, "B"), (10, "C"))]
    found = asked(build, [*rows, row("ann", 10, "Buy")])
    assert credited(found, "time_decay") == {"A": 0.1757, "B": 0.3514, "C": 0.4729}


def test_a_touch_as_old_as_the_lookback_no_longer_counts(build: Build) -> None:
    rows = [row("ann", 0, "See", "A"), row("ann", 1 / 86400, "See", "B")]
    rows += [row("ann", 10, "See", "C"), row("ann", 30, "Buy")]
    warehouse = build(rows, PROJECT, header=HEADER)
    found = attribution(warehouse, Attribution(lookback="30 d"), draws=9)
    assert credited(found, "linear") == {"B": 0.5, "C": 0.5}
    found = attribution(warehouse, Attribution(lookback=None), draws=9)
    assert credited(found, "linear") == {"A": 0.3333, "B": 0.3333, "C": 0.3333}


def test_the_conversion_before_closes_the_path(build: Build) -> None:
    rows = [row("ann", 0, "See", "A"), row("ann", 1, "Buy")]
    rows += [row("ann", 1, "See", "B"), row("ann", 2, "See", "C"), row("ann", 3, "Buy")]
    found = asked(build, rows)
    # B is at the same time as the first conversion, and after it in the export.
    assert credited(found, "last") == {"A": 1, "C": 1}
    assert credited(found, "linear") == {"A": 1, "B": 0.5, "C": 0.5}


def test_a_dropped_journey_fails_with_those_touches_that_lead_to_no_conversion(
    build: Build,
) -> None:
    rows = [row("ann", 0, "See", "A"), row("ann", 80, "See", "B"), row("ann", 81, "Buy")]
    warehouse = build(rows, PROJECT, header=HEADER)
    found = attribution(warehouse, Attribution(lookback="90 d"), draws=9)
    assert credited(found, "linear") == {"A": 0.5, "B": 0.5}
    assert (found.totals["dropped"], found.totals["touched_dropped"]) == (1, 0)
    found = attribution(warehouse, Attribution(lookback="30 d"), draws=9)
    assert credited(found, "linear") == {"B": 1}
    assert (found.totals["dropped"], found.totals["touched_dropped"]) == (1, 1)
    assert found.names["touches"].tolist() == [1, 1]


def test_an_open_journey_is_on_neither_side(build: Build) -> None:
    rows = [*walked(("A", True), ("A>B", False)), row("eve", 360, "See", "B")]
    found = asked(build, rows)
    told = found.totals
    assert (told["conversions"], told["dropped"], told["open_journeys"]) == (1, 1, 1)
    assert dict(zip(found.names["name"], found.names["touches"], strict=True)) == {"A": 2, "B": 1}


def test_a_journey_without_a_stage_is_none_that_failed(build: Build) -> None:
    rows = [*walked(("A", True), ("A", False)), row("eve", 0, "elsewhere", "A")]
    found = asked(build, [*rows, row("joe", 360, "elsewhere", "A")])
    told = found.totals
    assert (told["dropped"], told["touched_dropped"], told["open_journeys"]) == (1, 1, 0)
    assert found.names["touches"].tolist() == [2]


def test_direct_gets_the_last_touch_only_where_nothing_else_led_there(build: Build) -> None:
    found = asked(build, walked(("A>B>(Direct)", True), ("(Direct)>(Direct)", True)))
    assert found.direct == ("(Direct)",)
    assert credited(found, "last_non_direct") == {"B": 1, "(Direct)": 1}
    found = asked(build, walked(("A>B>C", True)), direct=("B", "C"))
    assert credited(found, "last_non_direct") == {"A": 1}


def test_what_no_touch_led_to_is_credited_to_no_touch_under_every_rule(build: Build) -> None:
    rows = [*walked(("A", True)), row("bob", 0, "Buy", "till", "", "9")]
    found = asked(build, rows)
    for rule in RULES:
        assert credited(found, rule) == {"A": 1, NO_TOUCH: 1}
    assert credited(found, "markov", "value") == {"A": 100, NO_TOUCH: 9}


def test_without_a_conversion_nothing_is_credited(build: Build) -> None:
    found = asked(build, walked(("A>B", False)))
    assert found.credits["conversions"].sum() == 0
    assert found.names["removal_effect"].isna().all()
    assert found.names["coverage"].isna().all()
    empty = asked(build, [row("ann", 0, "See"), row("bob", 0, "Buy")])
    assert len(empty.names) == 0
    assert credited(empty, "linear") == {NO_TOUCH: 1}


def test_a_touch_begins_where_a_session_begins_or_the_name_changes(build: Build) -> None:
    minute = 1 / 1440
    ways = ((0, "A"), (5, "A"), (6, ""), (7, "A"), (8, "B"), (9, "A"), (60, "A"))
    rows = [row("ann", place * minute, "See", way) for place, way in ways]
    found = asked(build, [*rows, row("ann", 1, "Buy")])
    assert dict(zip(found.names["name"], found.names["touches"], strict=True)) == {"A": 3, "B": 1}


def test_the_event_that_reaches_the_goal_is_a_touch_only_where_told(build: Build) -> None:
    rows = [row("ann", 0, "See", "A"), row("ann", 1, "Buy", "till")]
    assert credited(asked(build, rows), "last") == {"A": 1}
    assert credited(asked(build, rows, takes_goal=True), "last") == {"till": 1}
    assert credited(asked(build, rows, by="touchpoint"), "last") == {"See": 1}


def test_campaigns_and_touchpoints_are_credited_by_their_names(build: Build) -> None:
    rows = [row("ann", 0, "See", "A", "spring"), row("ann", 1, "Look", "B")]
    rows += [row("ann", 2, "Look", "B", "autumn"), row("ann", 3, "Buy")]
    assert credited(asked(build, rows, by="campaign"), "linear") == {"spring": 0.5, "autumn": 0.5}
    assert credited(asked(build, rows, by="touchpoint"), "linear") == {
        "See": 0.3333,
        "Look": 0.6667,
    }
    assert credited(asked(build, rows, touches=["Look"]), "linear") == {"B": 1}


def test_a_scope_is_of_conversions_and_what_came_before_stays_spent(build: Build) -> None:
    rows = [row("ann", 0, "See", "A"), row("ann", 1, "Buy")]
    rows += [row("ann", 2, "See", "B"), row("ann", 3, "Buy"), *walked(("B>A", False))]
    rows += [row("eve", 0, "See", "A")]
    found = asked(build, rows, Scope(segments={"first way": ["B"]}))
    assert credited(found, "linear") == {"B": 1}
    assert (found.totals["conversions"], found.totals["dropped"]) == (1, 1)
    assert found.names["touches"].tolist() == [2, 1]  # B, and A after it; not those of eve


def test_names_beyond_the_most_are_other_and_never_lost(build: Build) -> None:
    rows = walked(("A>(other)>B>C", True), ("A>A>B", True), ("C", False))
    found = asked(build, rows, most=2)
    shown = found.names[["name", "is_name", "touches", "conversions"]].values.tolist()
    assert shown == [["A", True, 3, 2], ["B", True, 2, 2], [OTHER, False, 3, 1]]
    assert credited(found, "linear") == {"A": 0.9167, "B": 0.5833, OTHER: 0.5}


def test_a_campaign_that_is_called_other_is_told_from_the_rest(build: Build) -> None:
    rows = [row("ann", day, "See", "", ad) for day, ad in enumerate(("x", "x", "(other)", "y"))]
    found = asked(build, [*rows, row("ann", 5, "Buy")], by="campaign", most=2)
    shown = found.credits[found.credits["rule"] == "linear"]
    assert shown[["name", "is_name", "conversions"]].values.tolist() == [
        ["x", True, 0.5],
        [OTHER, True, 0.25],
        [OTHER, False, 0.25],
        [NO_TOUCH, False, 0],
    ]
