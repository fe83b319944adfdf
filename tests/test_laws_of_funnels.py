"""What a funnel does at the very ends of its windows, worked out by hand from a few lives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.funnel import Funnel, funnel
from pipeline.funnel.asking import funnel_rows
from pipeline.questions import answer
from pipeline.warehouse import Warehouse

from .funnel_logs import at, warehouse_of
from .parts import FUNNELS
from .test_funnel import ends, of
from .test_laws_of_answers import made

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


def stop(
    life: str, reached: str, stops: str, *, sessions: str = "", held: str = ""
) -> float | None:
    """The place at which a unit is stopped, or None.

    Letters of a life are steps, n is none. In `reached` are those that count at their places; of a
    capital one an exclusion lies before it. Where there are sessions, the unit is the first; where
    values are held, what is told is of the first.
    """
    one = {"funnel_no": 1, "customer_no": 1, "unit_no": 1}
    unit = "session" if sessions else "customer"
    asked = {"funnel_no": 1, "ties": "position", "unit": unit}
    asked |= {f"stops_{what}": what == stops for what in ("foreign", "early", "repeat")}
    events: list[dict[str, Any]] = [
        {"customer_no": 1, "session_no": int(session), "position": number, "occurred_us": 0}
        for number, session in enumerate(sessions or "1" * len(life), start=1)
    ]
    chains, places = (
        [
            {**one, "step_no": 1 + "abc".index(letter.lower()), "place": number, "position": number,
             "is_void": letter.isupper(), "hold_no": int(held[number - 1]) if held else 1}
            for number, letter in enumerate(letters, start=1)
            if letter in "abcABC" and events[number - 1]["session_no"] == 1
        ]
        for letters in (reached, life)
    )  # fmt: skip
    found = made(
        "funnel_breaks",
        asked_funnels=pd.DataFrame([asked]),
        funnel_chains=pd.DataFrame(chains),
        funnel_places=pd.DataFrame(places),
        ordered_events=pd.DataFrame(events),
    )
    return next((key // 128 for *_, hold_no, key in found if hold_no == 1), None)


@pytest.mark.parametrize(
    ("life", "reached", "stops", "place"),
    [
        ("abb", "ab", "repeat", 3),
        ("aab", "aab", "repeat", None),  # the first step may come again
        ("abnb", "aB", "repeat", None),  # what an exclusion bars was not done
        ("acb", "a-b", "early", 2),
        ("bab", "-ab", "early", None),  # who has not entered cannot be stopped
        ("abc", "aB", "early", 3),
        ("nabn", "-ab", "foreign", 4),
        ("acb", "a-b", "foreign", None),
    ],
)
def test_a_step_done_already_or_too_early_and_what_is_no_step_stop_whoever_entered(
    life: str, reached: str, stops: str, place: int | None
) -> None:
    assert stop(life, reached, stops) == place


@pytest.mark.parametrize(("sessions", "place"), [("111", 3), ("112", None)])
def test_what_comes_in_another_session_stops_no_session(sessions: str, place: int | None) -> None:
    assert stop("abn", "ab", "foreign", sessions=sessions) == place


@pytest.mark.parametrize(
    ("held", "stops", "place"),
    [
        ("111", "repeat", 3),
        ("112", "repeat", None),
        ("121", "repeat", None),
        ("121", "early", None),
    ],
)
def test_what_is_done_of_another_value_stops_none_that_is_held(
    held: str, stops: str, place: int | None
) -> None:
    assert stop("abb", "abb" if held == "121" else "ab", stops, held=held) == place


@pytest.mark.parametrize(
    ("excluded", "begins"),
    [([(1, 3)], [1, 4]), ([(1, 2)], [1]), ([(2, 3)], [1]), ([(1, 3), (2, 3)], [1])],
)
def test_an_exclusion_ends_an_attempt_only_where_all_hold_for_the_whole_funnel(
    excluded: list[tuple[int, int]], begins: list[int]
) -> None:
    """Entries at 1, 2 and 4, an exclusion at 3, no window: else the attempt goes on."""
    one = {"funnel_no": 1, "customer_no": 1, "hold_no": 0}
    entries = [
        {**one, "step_no": 1, "place": place, "position": place, "occurred_us": place,
         "ends_place": 3 if place < 3 else None}
        for place in (1, 2, 4)
    ]  # fmt: skip
    undone = {**one, "step_no": 0, "position": 0, "done_us": 0, "done_position": 0}
    roles = [(1, False, None, None), *((1, True, *steps) for steps in excluded)]
    found = made(
        "funnel_attempts",
        funnel_entries=pd.DataFrame(entries),
        funnel_completions=pd.DataFrame([undone]),
        asked_funnels=pd.DataFrame(
            [{"funnel_no": 1, "unit": "attempt", "ties": "position", "steps": 3}]
        ).assign(within_us=pd.array([None], "Int64")),
        asked_funnel_roles=pd.DataFrame(
            roles, columns=["funnel_no", "is_exclusion", "from_step", "to_step"]
        ),
    )
    assert [start for *_, start, _ in found] == begins
