"""What a funnel tells besides its steps: breakdowns, times, where they went, what it refuses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import DataError
from pipeline.funnel import Exclusion, Funnel, FunnelResult, Step, asking, funnel
from pipeline.models import Model, load_questions
from pipeline.questions import Scope, answering
from pipeline.warehouse import Ranges, Warehouse, room

from .conftest import Build, toml
from .funnel_logs import at, warehouse_of
from .parts import FUNNELS
from .test_funnel import DAY, rows

pytestmark = pytest.mark.tables(*FUNNELS)

memory = sys.modules[room.__module__]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with warehouse_of(tmp_path_factory.mktemp("lives"), rows(), as_of=at(100 * DAY)) as built:
        yield built


@pytest.mark.parametrize("bound", ["events", "memory"])
def test_a_funnel_is_the_same_however_few_customers_are_walked_at_once(
    bound: str, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Funnel(["A", "B ?", "C"], within="7 d", exclusions=["X"])
    at_once = funnel(warehouse, asked).steps
    if bound == "events":
        monkeypatch.setattr(answering, "RANGE_EVENTS", 3)
    else:
        monkeypatch.setattr(memory, "EVENT_BYTES", memory.EVENT_BYTES * room(warehouse) // 3)
    walked = {}
    make = Warehouse.make_in_ranges

    def spied(self: Warehouse, model: Model, models: Any, within: Ranges) -> None:
        walked[model.name] = len(within)
        make(self, model, models, within)

    monkeypatch.setattr(Warehouse, "make_in_ranges", spied)
    pd.testing.assert_frame_equal(funnel(warehouse, asked).steps, at_once)
    assert walked["funnel_walks"] > 5


def test_what_only_leads_to_the_answer_is_not_held_beside_it(warehouse: Warehouse) -> None:
    funnel(warehouse, Funnel(["A", "B", "C"], within="7 d"))
    held = {name for (name,) in warehouse.rows("select table_name from duckdb_tables()")}
    assert {"funnel_units", "funnel_counts"} <= held
    working = {model.name for model in load_questions() if model.kind == "working"}
    assert len(working) > 5 and working.isdisjoint(held)


@pytest.mark.parametrize("attribution", ["first", "last", 2])
def test_a_breakdown_adds_up_to_the_whole(warehouse: Warehouse, attribution: str | int) -> None:
    asked = Funnel(["A", "B", "C"], within="7 d", by="campaign", attribution=attribution)
    told = funnel(warehouse, asked)
    for name in ("reached", "dropped", "open", "converted"):
        assert list(told.breakdown.groupby("step_no")[name].sum()) == list(told.steps[name])
    by_value = told.breakdown[told.breakdown["step_no"] == 2].set_index("part")["reached"]
    if attribution == 2:
        assert "(not reached)" in by_value
    assert funnel(warehouse, Funnel(["A"], by="period")).breakdown["entered"].sum() == 23
    assert set(funnel(warehouse, Funnel(["A"], by="channel")).breakdown["part"]) == {"(none)"}


def test_in_any_order_a_row_is_how_many_of_the_steps_are_done(warehouse: Warehouse) -> None:
    def rows(*steps: str, anchored: bool = False) -> list[str]:
        told = funnel(warehouse, Funnel(steps, order="any", anchored=anchored, within="7 d"))
        return list(told.steps["step"])

    assert rows("A", "B", "C") == ["any 1 of 3", "any 2 of 3", "all 3"]
    assert rows("A", "B", "C", anchored=True) == ["A", "A and any 1 of 2", "all 3"]
    assert rows("A", "B", anchored=True) == ["A", "all 2"]
    assert rows("A") == ["A"]


def test_a_number_is_a_value_as_one_writes_it(build: Build) -> None:
    log = [
        (f"u{number}", "2026-01-01", "A", value, cost, score)
        for number, (value, cost, score) in enumerate(
            [("10", "100.00", "9"), ("10.0", "0", "9.0"), ("0.50", "", "7.5"), ("", "", "")]
        )
    ]
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nvalue = "v"\ncost = "c"\n'
    columns += 'score = "s"'
    built = build(log, toml(stages=("A", "B"), goal="B", columns=columns),
                  header=("who", "at", "what", "v", "c", "s"))  # fmt: skip
    for by, parts in (
        ("value", {"10": 2, "0.5": 1, "(none)": 1}),
        ("cost", {"100": 1, "0": 1, "(none)": 2}),
        ("score", {"9": 2, "7.5": 1, "(none)": 1}),
    ):
        told = funnel(built, Funnel(["A"], by=by)).breakdown
        assert dict(zip(told["part"], told["entered"], strict=True)) == parts


def test_as_many_values_as_there_is_room_for_stand_by_themselves(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Funnel(["A", "B", "C"], within="7 d", by="campaign")
    values = list(dict.fromkeys(funnel(warehouse, asked).breakdown["part"]))
    assert len(values) > 3 and "(other)" not in values
    for most, others in ((len(values), []), (len(values) - 1, ["(other)"])):
        monkeypatch.setattr(asking, "MOST_VALUES", most)
        told = funnel(warehouse, asked).breakdown["part"]
        assert list(dict.fromkeys(told)) == values[:most] + others


def test_a_scope_shows_the_events_of_its_journeys_alone(warehouse: Warehouse) -> None:
    scope = Scope(segments={"period": ["2026-04"]})
    told = funnel(warehouse, Funnel(["A", "B", "C"], within="7 d", scope=scope))
    assert list(told.steps["reached"]) == [3, 2, 1]


def test_nobody_who_enters_makes_no_rate(warehouse: Warehouse) -> None:
    steps = funnel(warehouse, Funnel(["A", "B"], since="2025-01-01", until="2025-01-02")).steps
    assert list(steps["entered"]) == [0, 0]
    assert steps[["rate", "naive_rate", "step_rate", "median_s"]].isna().all(axis=None)


def test_times_tell_who_got_there_and_the_curve_all_who_may(warehouse: Warehouse) -> None:
    told = funnel(warehouse, Funnel(["A", "B"], within="7 d"))
    second = told.steps.iloc[1]
    assert second["median_s"] == DAY
    assert second["p90_s"] == 3 * DAY
    assert second["naive_rate"] < second["rate"]
    whole = told.histogram[told.histogram["since"] == "entry"]
    assert whole["units"].sum() == second["reached"]
    curve = told.curves[(told.curves["step_no"] == 2) & (told.curves["since"] == "entry")]
    assert curve["rate"].is_monotonic_increasing
    assert curve["rate"].iloc[-1] == pytest.approx(second["rate"])


def test_where_they_went_and_who_they_are(warehouse: Warehouse) -> None:
    told: FunnelResult = funnel(warehouse, Funnel(["A", "B", "C"], within="7 d"), most=50)
    first = told.departures[told.departures["step_no"] == 1].set_index("next")["units"]
    assert first.to_dict() == {"(exit)": 1, "(open)": 1, "A": 1, "C": 2}
    assert told.departures.groupby("step_no")["share"].sum().tolist() == pytest.approx([1, 1])
    halfway = told.customers[
        (told.customers["step_no"] == 2) & (told.customers["status"] == "open")
    ]
    events = warehouse.frame(told.query(2, "open"))
    assert set(events["customer_id"]) == set(halfway["customer_id"])
    assert list(events["touchpoint"]) == ["A", "B"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Funnel([]), "a funnel has steps"),
        (Funnel(["A", "Bb"]), r"step 2 'Bb': there is no touchpoint, stage or event 'Bb'"),
        (Funnel(["A", "channell=x"]), "step 2 .* there is no column 'channell'; did you mean 'cha"),
        (Funnel(["A", "value>much"]), "'much' is no number"),
        (Funnel(["A", "|B"]), "is no condition"),
        (Funnel(["A", "B ?"]), "the last step is never optional"),
        (Funnel(["A", "B"], within="7 days ago"), "within: .* is not a length of time"),
        (Funnel(["A", "B"], ties="increasin"), "did you mean 'increasing'"),
        (Funnel(["A", "B"], rules="posthogg"), "did you mean 'posthog'"),
        (Funnel(["A", Step(["B"], within="1 s", after="1 min")]), "longest time is shorter"),
        (Funnel(["A", "B ?", "C"], order="any"), "in any order a step is neither optional"),
        (Funnel(["A", "B"], order="any", unit="attempt"), "there are no attempts"),
        (Funnel(["A", "B"], exclusions=["X[2-1]"]), "there is nothing"),
        (Funnel(["A"], exclusions=["X"]), "one step has nothing in between; leave it out"),
        (Funnel(["A", "B"], by="nothing"), "by: there is no column 'nothing'"),
        (Funnel(["A", "B"], by="campaign", attribution=3), "write first, last, or the number"),
        (Funnel(["A", "B"], by="period", attribution="last"), "by: a segment has the value of the"),
        (Funnel(["A", "B"], by="period", attribution=2), "by: a segment has the value of the"),
        (Funnel(["A", "B"], since="yesterday"), "from: .* is no moment"),
        (Funnel(["A", "B"], since="2026-05-01", until="2026-04-30"), "the end is before the begin"),
        (Funnel(["A", "B"], stops=["forein"]), "did you mean 'foreign'"),
        (Funnel(["A", "B"], exclusions=[Exclusion([])]), "it chooses nothing"),
    ],
)
def test_what_makes_no_sense_is_told(warehouse: Warehouse, asked: Funnel, told: str) -> None:
    with pytest.raises(DataError, match=told):
        funnel(warehouse, asked)


def test_a_name_that_no_event_has_may_be_a_step_that_nobody_reaches(warehouse: Warehouse) -> None:
    told = funnel(warehouse, Funnel(["A", "Nowhere"], may_miss=True, within="7 d"))
    assert list(told.steps["reached"]) == [23, 0]
