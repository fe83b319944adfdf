"""Influence: which touches count, and which are in the same situation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline import influence
from pipeline.errors import DataError

from .conftest import Build
from .test_influence import HEADER, PROJECT, TABLES, one, row, walked

pytestmark = pytest.mark.tables(*TABLES)


COUNTED = {
    "the first touch alone is one, and no touch of its journey is beside it": (
        ["See Look See Look See"],
        [("Look", 1, 0, 0, 0), ("See", 1, 0, 0, 0)],
    ),
    "who never was there is beside it, in the same situation": (
        ["See Look", "See See"],
        [("Look", 1, 0, 1, 0), ("See", 2, 0, 0, 0)],
    ),
    "a step at the goal is no touch, and none comes after it": (
        ["See Buy"],
        [("See", 1, 1, 0, 0)],
    ),
    "a touch that the goal follows is beside one that it does not follow": (
        ["See Buy", "Look"],
        [("Look", 1, 0, 1, 1), ("See", 1, 1, 1, 0)],
    ),
}


@pytest.mark.parametrize(("paths", "expected"), COUNTED.values(), ids=list(COUNTED))
def test_what_is_beside_what(
    paths: Sequence[str], expected: list[tuple[Any, ...]], build: Build
) -> None:
    rows = [step for number, path in enumerate(paths) for step in walked(f"u{number}", path)]
    warehouse = build(rows, PROJECT, header=HEADER)
    influence(warehouse)
    found = warehouse.rows(
        "select named.touchpoint, exposed, exposed_converts, controls, control_converts "
        "from influence_strata as stratum "
        "inner join touchpoint_names as named using (touchpoint_no) order by touchpoint, stratum_no"
    )
    assert found == expected


@pytest.mark.parametrize(("days", "converts"), [(13.9, 1), (14, 1), (14.1, 0)])
def test_the_goal_follows_within_l_the_last_moment_too(
    days: float, converts: int, build: Build
) -> None:
    rows = [row("u", 0, "See"), row("u", days, "Buy")]
    found = influence(build(rows, PROJECT, header=HEADER))
    assert (found.touches, found.converts) == (1, converts)


@pytest.mark.parametrize(("as_of", "touches"), [("2026-01-14", 0), ("2026-01-15", 1)])
def test_a_touch_counts_that_was_followed_for_l(as_of: str, touches: int, build: Build) -> None:
    text = PROJECT.replace('as_of = "2027-01-01"', f'as_of = "{as_of}"')
    assert influence(build([row("u", 0, "See")], text, header=HEADER)).touches == touches


def test_a_journey_that_may_have_begun_before_the_data_is_left_out(build: Build) -> None:
    text = PROJECT.replace("2025-01-01", "2025-12-25")
    found = influence(build(walked("u", "See Look"), text, header=HEADER))
    assert (found.journeys, found.seen, found.touches) == (1, 0, 0)


def test_a_journey_without_a_stage_is_in_for_what_comes_is_not_known_at_a_touch(
    build: Build,
) -> None:
    rows = [*walked("a", "Chat"), *walked("b", "Chat See Buy"), *walked("c", "See")]
    found = one(influence(build(rows, PROJECT, header=HEADER)), "Chat")
    assert (found["exposed"], found["chance"]) == (2, 0.5)


def test_the_channel_of_the_first_touch_is_a_situation_for_later_ones_alone(build: Build) -> None:
    rows = [
        *walked("a", "See Look", way="ads"), *walked("b", "Look See", way="mail"),
        *walked("c", "See See", way="mail"),
    ]  # fmt: skip
    warehouse = build(rows, PROJECT, header=HEADER)
    influence(warehouse, touches=["Look"])
    strata = warehouse.rows("select exposed, controls from influence_strata order by stratum_no")
    # Look as a first touch stands beside See of both; as a second, after ads, beside nobody.
    assert strata == [(1, 2), (1, 0)]


def test_another_situation_begins_so_many_days_after_the_start(build: Build) -> None:
    """Of each device: Look is beside who is elsewhere then, not beside who was a second before."""
    cases = (1, 3, 7, 14, 30)
    rows = [
        row(f"{who}{days}", day, what, kit=f"{days:02}")
        for days in cases
        for who, what, late in (("a", "Look", 0), ("b", "See", 0), ("c", "See", 1 / 86_400))
        for day, what in ((0, "See"), (days - late, what))
    ]
    warehouse = build(rows, PROJECT, header=HEADER)
    influence(warehouse, touches=["Look"], alike=["kit"])
    found = warehouse.rows("select exposed, controls from influence_strata")
    assert found == [(1, 1)] * len(cases)


def test_another_situation_begins_after_so_many_touches(build: Build) -> None:
    """So many are alike: Look is the last of them, beside those before it and those of another."""
    cases = {1: 1, 2: 1, 3: 1, 5: 2, 9: 4, 17: 8}
    rows = []
    for touches in cases:
        own = {"kit": f"{touches:02}", "gap": 0.001}
        rows += walked(f"a{touches}", "See " * (touches - 1) + "Look", **own)
        rows += walked(f"b{touches}", "See " * (touches + 1), **own)
    warehouse = build(rows, PROJECT, header=HEADER)
    influence(warehouse, touches=["Look"], alike=["kit"])
    found = warehouse.rows("select exposed, controls from influence_strata order by controls")
    assert found == [(1, 2 * alike - 1) for alike in cases.values()]


def test_the_twelve_most_frequent_first_channels_are_told_apart_the_others_are_one(
    build: Build,
) -> None:
    rows = [
        step
        for way in range(12)
        for number in range(3)
        for step in walked(f"{way}-{number}", "See", way=f"often {way}")
    ]
    for way in ("rare", "often 1"):
        rows += walked(f"a{way}", "See Look", way=way)
    for way in ("rarer", "often 2"):
        rows += walked(f"b{way}", "See See", way=way)
    warehouse = build(rows, PROJECT, header=HEADER)
    influence(warehouse, touches=["Look"])
    found = warehouse.rows("select exposed, controls from influence_strata order by controls")
    assert found == [(1, 0), (1, 1)]


def test_a_journey_has_met_what_it_touched_before_the_goal(build: Build) -> None:
    """Of those that met Look nobody bought; of the others half did, and looked then."""
    text = PROJECT.replace('goal = "Buy"', 'goal = "Buy"\ncloses = "silence"')
    rows = [
        step
        for number in range(5)
        for path in ("Buy Look", "Look", "See")
        for step in walked(f"{path}{number}", path)
    ]
    assert one(influence(build(rows, text, header=HEADER)), "Look")["naive_ratio"] == 0


def test_what_ends_a_journey_is_not_asked_for(build: Build) -> None:
    text = PROJECT.replace('silence = "60 d"', 'silence = "60 d"\nabandon = ["Look"]')
    with pytest.raises(DataError, match="no touchpoint is left"):
        influence(build(walked("u", "See Look"), text, header=HEADER), touches=["Look"])
