"""What a funnel does at the very ends of its windows, worked out by hand from a few lives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.funnel import Funnel, funnel
from pipeline.funnel.asking import funnel_rows
from pipeline.questions import answer
from pipeline.warehouse import Warehouse

from .funnel_logs import at, warehouse_of
from .parts import FUNNELS
from .test_funnel import ends, of

pytestmark = pytest.mark.tables(*FUNNELS)

DAY = 86_400
SECOND = 1 / DAY
LIVES = {
    "over": "A93",
    "not over": f"A{93 + SECOND}",
    "a step over": "A92 B93",
    "barred": "A0 X7",
    "barred late": f"A0 X{7 + SECOND} B8",
    "again": "A90 A97",
    "skips": "A0 C1",
    "halfway": "A0 B1",
    "gone on": "A95 N101",
    "noisy": "A1 N2 B90",
    "late": "B7 C8",
    "early": f"B{7 - SECOND}",
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    rows = [
        (who, at(float(event[1:]) * DAY), event[0])
        for who, life in LIVES.items()
        for event in life.split()
    ]
    with warehouse_of(tmp_path_factory.mktemp("edges"), rows, as_of=at(100 * DAY)) as built:
        yield built


def waits(lived: Warehouse, who: str, step_no: int, **rules: Any) -> dict[str, tuple[Any, ...]]:
    """Outcome, seconds and whether the window is over, since the entry and the step before."""
    asked = Funnel(["A", "B", "C"], **{"within": "7 d", **rules})
    answer(lived, ["funnel_waits"], funnel_rows(lived, [asked]))
    found = lived.rows(
        "select since, outcome, duration_us / 1e6, is_whole from funnel_waits "
        "join numbered_customers using (customer_no) join identity_map as ids using (customer_id) "
        "where part_no = 0 and ids.value = $who and step_no = $step_no",
        {"who": who, "step_no": step_no},
    )
    return {since: tuple(told) for since, *told in found}


@pytest.mark.parametrize("window", ["total", "step"])
def test_whose_window_ends_at_the_as_of_moment_goes_no_further(
    lived: Warehouse, window: str
) -> None:
    found = ends(lived, window=window)
    assert of(found, "over", "not over", "a step over") == {
        "over": "dropped 1",
        "not over": "open 1",
        "a step over": "dropped 2",
    }
    assert waits(lived, "over", 2)["entry"][2]
    assert not waits(lived, "not over", 2)["entry"][2]


def test_where_events_are_cut_by_dates_that_are_over_nobody_goes_on(lived: Warehouse) -> None:
    """Entered on the sixth of April, as of the eleventh: a week is not over, but days may be."""
    for until, expected in (("2026-04-10", "dropped 1"), ("2026-04-11", "open 1")):
        found = ends(lived, since="2026-04-01", until=until, range="events")
        assert found["gone on"] == expected


def test_an_exclusion_at_the_end_of_the_window_still_counts(lived: Warehouse) -> None:
    for exclusion, step_no in (("ends", 1), ("drops", 0)):
        found = ends(lived, exclusions=["X"], exclusion=exclusion)
        assert of(found, "barred", "barred late") == {
            "barred": f"excluded {step_no}",
            "barred late": "dropped 1",
        }


def test_a_wait_is_as_long_as_was_watched_or_until_it_was_over(lived: Warehouse) -> None:
    past = (0, 7 * DAY + 1e-6, True)
    assert waits(lived, "again", 2)["entry"] == (0, 3 * DAY, False), "since the last entry"
    assert waits(lived, "halfway", 3) == {"entry": past, "step": past}
    assert waits(lived, "barred", 2, exclusions=["X"])["entry"] == (2, 7 * DAY, True)
    without: dict[str, Any] = {"within": "none", "unfinished": "dropped"}
    assert waits(lived, "halfway", 3, **without) == {
        "entry": (3, DAY, False),
        "step": (3, 0, False),
    }


def test_who_leaves_a_step_out_is_through_with_it_when_the_next_one_comes(
    lived: Warehouse,
) -> None:
    answer(lived, ["funnel_waits"], funnel_rows(lived, [Funnel(["A", "B ?", "C"], within="7 d")]))
    assert (3, 1) in lived.rows(
        "select outcome, duration_us / 864e8 from funnel_waits join numbered_customers "
        "using (customer_no) join identity_map as ids using (customer_id) "
        "where part_no = 0 and ids.value = 'skips' and step_no = 2 and since = 'entry'"
    )


def test_what_comes_after_the_as_of_moment_is_nothing_yet(lived: Warehouse) -> None:
    found = funnel(lived, Funnel(["A", "B", "C"], within="7 d")).departures
    first = found[found["step_no"] == 1].set_index("next")["units"].to_dict()
    assert first == {"A": 1, "C": 1, "N": 1, "X": 2, "(exit)": 1, "(open)": 2}


def test_who_is_seen_at_a_later_step_as_late_as_the_window_did_not_enter_before(
    lived: Warehouse,
) -> None:
    found = funnel(lived, Funnel(["A", "B", "C"], within="7 d"))
    assert (found.outsiders, found.left_truncated) == (2, 1)


def test_times_are_those_of_the_middle_two_and_of_nine_in_ten_and_bars_begin_where_told(
    tmp_path: Path,
) -> None:
    rows = [(f"c{n}", at(second), what) for n in range(1, 11)
            for what, second in (("A", 0), ("B", 10 * n))]  # fmt: skip
    with warehouse_of(tmp_path, rows, as_of=at(90 * DAY)) as built:
        found = funnel(built, Funnel(["A", "B"], within="7 d"))
    told = found.steps.iloc[1]
    assert (told["median_s"], told["p90_s"], told["entry_median_s"]) == (55, 90, 55)
    bars = found.histogram.query("part_no == 0 and since == 'entry'").set_index("from_s")["units"]
    assert bars.to_dict() == {10: 5, 60: 5}
