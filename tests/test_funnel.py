"""What a funnel means: drawn lives, one law each, in one log.

A life is written as events with their day: "A0 B1 C2" is A on day 0, B on day 1, C on day 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.funnel import Funnel, Step, funnel
from pipeline.funnel.asking import funnel_rows
from pipeline.questions import answer
from pipeline.warehouse import Warehouse

from .funnel_logs import at, warehouse_of
from .parts import FUNNELS

pytestmark = pytest.mark.tables(*FUNNELS)

DAY = 86_400
LIVES = {
    "straight": "A0 B1 C2",
    "tied": "B0 A0 C1",
    "at the edge": "A0 B3 C7",
    "past the edge": "A0 B3 C7.001",
    "step by step": "A0 B6 C12",
    "expired": "A0 A20 B21 C22",
    "nested": "A0 A1 B2 C7.5",
    "backwards": "C0 B1 A2",
    "skips": "A0 C1",
    "noisy": "A0 N1 B2 C3",
    "excluded": "A0 X1 B2 C3",
    "excluded later": "A0 B1 X2 C3",
    "before it": "X0 A1 B2 C3",
    "after it": "A0 B1 C2 X3",
    "at a step": "A0 B1 X1 C1",
    "recovers": "A0 X1 A2 B3 C4",
    "fresh": "A99",
    "halfway": "A95 B98",
    "outsider": "B1 C2",
    "thrice": "A0 B1 C2 A10 B11 C12 A20 B21",
    "in one sitting": "A0 B0.001 C0.002",
    "repeats": "A0 A1",
    "either": "D0 C1",
    "sprinter": "A0 B0.001 C3",
    "late": "A94 B97 C99.5",
}


def rows() -> Iterator[tuple[str, str, str, str]]:
    for who, life in LIVES.items():
        for number, event in enumerate(life.split()):
            campaign = f"{who[0]}{number}"
            yield who, at(float(event[1:]) * DAY), event[0], campaign


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with warehouse_of(tmp_path_factory.mktemp("lives"), rows(), as_of=at(100 * DAY)) as built:
        yield built


def ends(warehouse: Warehouse, steps: Any = ("A", "B", "C"), **rules: Any) -> dict[str, str]:
    """What became of each life: status and furthest step, one word per unit."""
    asked = Funnel(list(steps), **{"within": "7 d", **rules})
    answer(warehouse, ["funnel_units"], funnel_rows(warehouse, [asked]))
    found: dict[str, str] = {}
    for who, told in warehouse.rows(
        "select ids.value, status || ' ' || step_no from funnel_units "
        "join numbered_customers using (customer_no) join identity_map as ids using (customer_id) "
        "order by start_us, unit_no"
    ):
        found[who] = f"{found[who]}, {told}" if who in found else told
    return found


def of(found: dict[str, str], *names: str) -> dict[str, str | None]:
    return {name: found.get(name) for name in names}


def test_the_window_is_counted_from_the_entry_and_holds_its_last_moment(
    warehouse: Warehouse,
) -> None:
    found = ends(warehouse)
    assert of(found, "straight", "at the edge", "past the edge", "step by step") == {
        "straight": "converted 3",
        "at the edge": "converted 3",
        "past the edge": "dropped 2",
        "step by step": "dropped 2",
    }
    found = ends(warehouse, window="step")
    assert of(found, "step by step", "past the edge") == {
        "step by step": "converted 3",
        "past the edge": "converted 3",
    }
    assert ends(warehouse, within="0 s")["straight"] == "dropped 1"


def test_of_all_entries_the_one_that_leads_furthest_counts(warehouse: Warehouse) -> None:
    names = ("expired", "nested", "straight")
    assert set(of(ends(warehouse), *names).values()) == {"converted 3"}
    assert of(ends(warehouse, reentry="first"), *names) == {
        "expired": "dropped 1",
        "nested": "dropped 2",
        "straight": "converted 3",
    }


def test_a_step_has_limits_of_its_own(warehouse: Warehouse) -> None:
    quick = ends(warehouse, ["A", Step(["B"], within="1 h"), "C"])
    assert of(quick, "sprinter", "straight") == {"sprinter": "converted 3", "straight": "dropped 1"}
    slow = ends(warehouse, ["A", Step(["B"], after="2 d"), "C"])
    assert of(slow, "noisy", "straight") == {"noisy": "converted 3", "straight": "dropped 1"}
    exact = ends(warehouse, ["A", Step(["B"], after="1 d", within="1 d"), "C"])
    assert of(exact, "straight", "noisy") == {"straight": "converted 3", "noisy": "dropped 1"}


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("position", "dropped 1"), ("increasing", "dropped 1"), ("any", "converted 3")],
)
def test_the_rule_of_ties_says_which_of_two_events_comes_first(
    warehouse: Warehouse, ties: str, expected: str
) -> None:
    assert ends(warehouse, ties=ties)["tied"] == expected


def test_events_no_further_apart_than_the_grace_tie(warehouse: Warehouse) -> None:
    assert (
        ends(warehouse, ["B", "A"], ties="any", grace="90 s").get("in one sitting") == "converted 2"
    )
    assert (
        ends(warehouse, ["B", "A"], ties="any", grace="60 s").get("in one sitting") == "dropped 1"
    )


def test_strict_order_lets_nothing_come_between(warehouse: Warehouse) -> None:
    found = ends(warehouse, order="strict")
    assert of(found, "straight", "noisy", "excluded", "nested") == {
        "straight": "converted 3",
        "noisy": "dropped 1",
        "excluded": "dropped 1",
        "nested": "converted 3",
    }
    barred = ends(warehouse, order="strict", exclusions=["X"])
    assert of(barred, "noisy", "excluded", "excluded later", "recovers") == {
        "noisy": "dropped 1",
        "excluded": "excluded 1",
        "excluded later": "excluded 2",
        "recovers": "converted 3",
    }


def test_an_exclusion_ends_the_attempt_that_it_meets(warehouse: Warehouse) -> None:
    found = ends(warehouse, exclusions=["X"])
    expected = {
        "excluded": "excluded 1",
        "excluded later": "excluded 2",
        "before it": "converted 3",
        "after it": "converted 3",
        "recovers": "converted 3",
        "straight": "converted 3",
    }
    assert of(found, *expected) == expected
    between = ends(warehouse, exclusions=["X[2-3]"])
    assert of(between, "excluded", "excluded later") == {
        "excluded": "converted 3",
        "excluded later": "excluded 2",
    }


def test_or_it_drops_who_met_it_from_every_step(warehouse: Warehouse) -> None:
    found = ends(warehouse, exclusions=["X"], exclusion="drops")
    assert of(found, "excluded", "excluded later", "recovers", "after it") == {
        "excluded": "excluded 0",
        "excluded later": "excluded 0",
        "recovers": "converted 3",
        "after it": "converted 3",
    }
    steps = funnel(warehouse, Funnel(["A", "B", "C"], within="7 d", exclusions=["X"])).steps
    less = funnel(
        warehouse,
        Funnel(["A", "B", "C"], within="7 d", exclusions=["X"], exclusion="drops"),
    )
    assert steps["entered"][0] - less.steps["entered"][0] == 3 == less.dropped_from_all


def test_an_exclusion_at_the_time_of_a_step_lies_between_by_its_position_alone(
    warehouse: Warehouse,
) -> None:
    """B, X and C happen at one time, in this order."""
    assert ends(warehouse, exclusions=["X"])["at a step"] == "excluded 2"
    assert ends(warehouse, exclusions=["X"], ties="any")["at a step"] == "converted 3"


def test_an_optional_step_may_be_left_out(warehouse: Warehouse) -> None:
    found = ends(warehouse, ["A", "B ?", "C"])
    assert of(found, "straight", "skips", "backwards") == {
        "straight": "converted 3",
        "skips": "converted 3",
        "backwards": "dropped 1",
    }
    steps = funnel(warehouse, Funnel(["A", "B ?", "C"], within="7 d")).steps
    assert list(steps["is_optional"]) == [False, True, False]
    assert math.isnan(steps["before"][0])
    assert steps["before"][2] == steps["reached"][0]


def test_in_any_order_steps_are_counted_and_the_first_may_be_anchored(
    warehouse: Warehouse,
) -> None:
    found = ends(warehouse, order="any")
    assert of(found, "backwards", "outsider", "skips") == {
        "backwards": "converted 3",
        "outsider": "dropped 2",
        "skips": "dropped 2",
    }
    anchored = ends(warehouse, order="any", anchored=True)
    assert of(anchored, "backwards", "outsider", "straight", "skips") == {
        "backwards": "dropped 1",
        "outsider": None,
        "straight": "converted 3",
        "skips": "dropped 2",
    }


def test_one_event_is_one_step_unless_it_may_be_several(warehouse: Warehouse) -> None:
    twice = ["A", "A"]
    assert of(ends(warehouse, twice), "repeats", "straight") == {
        "repeats": "converted 2",
        "straight": "dropped 1",
    }
    assert ends(warehouse, twice, shared=True)["straight"] == "converted 2"
    overlapping = ["C|D", "C"]
    assert of(ends(warehouse, overlapping), "either", "straight") == {
        "either": "converted 2",
        "straight": "dropped 1",
    }
    assert ends(warehouse, overlapping, order="any")["straight"] == "dropped 1"
    assert ends(warehouse, twice, order="any", ties="any")["repeats"] == "converted 2"


def test_who_may_still_go_on_is_open_and_not_dropped(warehouse: Warehouse) -> None:
    found = ends(warehouse)
    assert of(found, "fresh", "halfway", "late", "outsider") == {
        "fresh": "open 1",
        "halfway": "open 2",
        "late": "converted 3",
        "outsider": None,
    }
    assert ends(warehouse, within="2 d")["halfway"] == "dropped 1"
    assert ends(warehouse, unfinished="dropped")["fresh"] == "dropped 1"
    assert ends(warehouse, order="strict")["fresh"] == "open 1"
    told = funnel(warehouse, Funnel(["A", "B", "C"], within="7 d"))
    assert (told.outsiders, told.left_truncated) == (2, 2)


def test_customers_sessions_and_attempts_are_counted_apart(warehouse: Warehouse) -> None:
    assert ends(warehouse)["thrice"] == "converted 3"
    assert ends(warehouse, unit="attempt")["thrice"] == "converted 3, converted 3, dropped 2"
    assert ends(warehouse, unit="attempt")["nested"] == "dropped 2"
    sessions = ends(warehouse, unit="session")
    assert sessions["in one sitting"] == "converted 3"
    assert sessions["thrice"] == "dropped 1, dropped 1, dropped 1"
    for unit in ("customer", "session", "attempt"):
        steps = funnel(warehouse, Funnel(["A", "B", "C"], unit=unit)).steps
        assert (steps["reached"] <= steps["entered"]).all()


def test_the_entry_decides_whether_the_dates_hold(warehouse: Warehouse) -> None:
    found = ends(warehouse, since="2026-01-21", until="2026-01-21")
    assert found == {"expired": "converted 3", "thrice": "dropped 2"}
    for order in ("ordered", "any"):
        before = ends(warehouse, order=order, since="2026-01-01", until="2026-01-01")
        assert "before it" not in before, "at midnight the next day begins"
    cut = ends(warehouse, since="2026-01-21", until="2026-01-22", range="events")
    assert of(cut, "expired", "thrice") == {"expired": "dropped 2", "thrice": "dropped 2"}
    assert ends(warehouse, since="2026-01-02T00:00:00Z", until="2026-01-02T00:00:00Z") == {
        "before it": "converted 3",
        "nested": "converted 3",
        "repeats": "dropped 1",
    }


def test_a_held_property_has_one_value_at_all_steps(warehouse: Warehouse) -> None:
    assert set(ends(warehouse, hold="campaign").values()) <= {"dropped 1", "open 1"}
    assert ends(warehouse, hold="source")["straight"] == "converted 3"


def test_every_unit_reaches_stays_or_leaves(warehouse: Warehouse) -> None:
    steps = funnel(warehouse, Funnel(["A", "B", "C"], within="7 d", exclusions=["X"])).steps
    left = steps[["dropped", "open", "excluded"]].sum(axis=1)
    assert list(steps["reached"] - left)[:-1] == list(steps["reached"])[1:]
    assert steps["converted"].iloc[-1] == steps["reached"].iloc[-1]
    assert math.prod(steps["naive_step_rate"][1:]) == pytest.approx(steps["naive_rate"].iloc[-1])
