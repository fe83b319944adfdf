"""Retention: who comes back, by cohorts; what is not over is not 0."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline import Cohorts, retention
from pipeline.cli import squiggle
from pipeline.errors import DataError
from pipeline.retention import all_cohorts
from pipeline.warehouse import Warehouse

from .conftest import shared, toml, warehouse_in, write_csv
from .drawing import examples
from .kpi_desk import DAY_US, Desk, Event, desk

Row = tuple[str, str, datetime]
ORACLES = (
    "ph_retention_01_day_recurring",
    "ph_retention_02_month_recurring",
    "ph_retention_06_other_return_event",
    "ph_retention_08_first_time",
)


def log(events: Sequence[Row], **options: Any) -> Desk:
    """The drawn log on a desk, with the local calendar."""
    return desk((Event(*row) for row in events), **options).make("local_quarters")


def matrix(cells: Any, periods: int, column: str = "active") -> list[list[int]]:
    """The cells as others print them: one row per cohort, 0 where there is none."""
    cohorts = list(dict.fromkeys(cells["cohort"]))
    found = [[0] * periods for _ in range(periods)]
    for row in cells.to_dict("records"):
        found[cohorts.index(row["cohort"])][row["periods_since"]] = row[column]
    return found


@pytest.mark.parametrize("name", ORACLES)
def test_cohorts_are_those_that_others_published(name: str) -> None:
    case = shared("oracles", name)
    question = json.loads((case / "question.json").read_text(encoding="utf-8"))
    same = question.get("identity_map", {})
    with (case / "events.csv").open(encoding="utf-8", newline="") as file:
        events = [
            (
                same.get(row["customer_id"], row["customer_id"]),
                row["event"],
                datetime.fromisoformat(row["timestamp"]),
            )
            for row in csv.DictReader(file)
        ]
    asked = Cohorts(
        start=[question["target_event"]] if "target_event" in question else [],
        returns=[question["return_event"]] if "return_event" in question else [],
        recurring=question["type"] == "recurring",
        length=question["period"].lower(),
        periods=question["intervals"],
        since=datetime.fromisoformat(question["first_interval_start"]),
    )
    with log(events) as laid:
        cells = retention(laid.warehouse, asked)
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))["matrix"]
    assert matrix(cells, question["intervals"]) == expected


def days(*active: tuple[str, str]) -> list[Row]:
    """Customers and the days of January 2026 on which they were there, at noon."""
    return [
        (who, "visit", datetime(2026, 1, int(day), 12, tzinfo=UTC))
        for who, listed in active
        for day in listed.split()
    ]


def test_n_day_counts_that_very_day_and_rolling_that_day_or_any_later() -> None:
    with log(days(("ann", "1 2 4"), ("bob", "1 3"), ("cat", "2 5"))) as laid:
        cells = retention(laid.warehouse, Cohorts(length="day", periods=5))
    first = cells[cells["cohort"] == "2026-01-01"]
    assert first["customers"].tolist() == [2] * 5
    assert first["active"].tolist() == [2, 1, 1, 1, 0]
    assert first["active_later"].tolist() == [2, 2, 2, 1, 0]
    assert first["is_partial"].tolist() == [False] * 4 + [True]
    assert first["retention_rate"].tolist()[:4] == [1, 0.5, 0.5, 0.5]
    assert first["rolling_rate"].tolist()[:4] == [1, 1, 1, 0.5]
    assert first[["retention_rate", "rolling_rate"]].iloc[4].isna().all()
    assert first["retention_lo"].iloc[1] == pytest.approx(0.0945, abs=1e-4)
    assert cells[cells["cohort"] == "2026-01-05"]["customers"].tolist() == [0]


def test_all_cohorts_are_those_that_were_followed_so_long_and_are_no_older_than_the_log() -> None:
    with log(days(("ann", "1 2 4"), ("bob", "1 3"), ("cat", "2 5"))) as laid:
        cells = retention(laid.warehouse, Cohorts(length="day", periods=5))
    told = all_cohorts(cells.assign(may_predate=False))
    assert told["customers"].tolist() == [3, 3, 3, 2]
    assert told["retention_rate"].tolist() == [1, 1 / 3, 1 / 3, 1 / 2]
    assert told["rolling_rate"].tolist() == [1, 1, 1, 1 / 2]
    older = all_cohorts(cells.assign(may_predate=cells["cohort"] == "2026-01-01"))
    assert older["customers"].tolist() == [1, 1, 1]


def test_weeks_begin_on_the_weekday_that_is_asked_for_and_days_by_the_local_clock() -> None:
    late = [("ann", "visit", datetime(2026, 1, 4, 23, 30, tzinfo=UTC)),
            ("ann", "visit", datetime(2026, 1, 11, 12, tzinfo=UTC))]  # fmt: skip
    with log(late) as laid:
        assert set(retention(laid.warehouse, Cohorts(length="week"))["cohort"]) == {
            "2026-W01",
            "2026-W02",
        }
        sunday = Cohorts(length="week", since=datetime(2026, 1, 4), periods=2)
        cells = retention(laid.warehouse, sunday).set_index(["cohort", "periods_since"])["active"]
        assert cells.to_dict() == {
            ("2026-01-04", 0): 1,
            ("2026-01-04", 1): 1,
            ("2026-01-11", 0): 0,
        }
        written = Cohorts(length="week", since="2026-01-04", periods=2)
        assert retention(laid.warehouse, written).equals(retention(laid.warehouse, sunday))
        with pytest.raises(DataError, match="since: 'soon' is no moment"):
            retention(laid.warehouse, Cohorts(since="soon"))
    with log(late, zone="Europe/Madrid") as laid:
        found = retention(laid.warehouse, Cohorts(length="day", periods=30))
        assert found["cohort"].iloc[0] == "2026-01-05"


@pytest.mark.parametrize(
    ("length", "label"),
    [("hour", "2026-01-04 23:00"), ("month", "2026-01"), ("quarter", "2026-Q1"), ("year", "2026")],
)
def test_a_period_has_the_name_of_the_calendar(length: str, label: str) -> None:
    with log([("ann", "visit", datetime(2026, 1, 4, 23, 30, tzinfo=UTC))]) as laid:
        assert list(retention(laid.warehouse, Cohorts(length=length))["cohort"]) == [label]


def test_a_cohort_that_begins_soon_after_the_log_may_be_older_than_it() -> None:
    """Its customers only seem new; a recurring cohort does not say that they are."""
    events = days(("ann", "1 9"), ("bob", "4"), ("cat", "5"))
    asked = Cohorts(length="day", periods=9)
    with log(events, new_after_us=3 * DAY_US) as laid:
        marked = retention(laid.warehouse, asked).query("may_predate")["cohort"]
        assert set(marked) == {f"2026-01-0{day}" for day in (1, 2, 3, 4)}
        recurring = Cohorts(length="day", periods=9, recurring=True)
        assert not retention(laid.warehouse, recurring)["may_predate"].any()


def test_what_cannot_be_asked_is_told() -> None:
    with log(days(("ann", "1"))) as laid:
        with pytest.raises(DataError, match="'vist' is no touchpoint, stage or event; did you"):
            retention(laid.warehouse, Cohorts(start=["vist"]))
        with pytest.raises(DataError, match="'mont' is no length of a period"):
            retention(laid.warehouse, Cohorts(length="mont"))
        with pytest.raises(DataError, match="ask for 1 to"):
            retention(laid.warehouse, Cohorts(periods=0))


def plainly(
    events: Sequence[Row], asked: Cohorts, first: int, zone: ZoneInfo
) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Count the cells of daily retention customer by customer, day by day."""
    ordinal = datetime(1970, 1, 1).toordinal()

    def day(at: datetime) -> int:
        return at.astimezone(zone).toordinal() - ordinal

    last = max(day(at) for _, _, at in events)
    cells = {}
    for cohort in range(first, first + asked.periods):
        starts = [(who, day(at)) for who, what, at in events if what in asked.start]
        members = {who for who, on in starts if on == cohort}
        if not asked.recurring:
            members -= {who for who, on in starts if on < cohort}
        back = {(who, day(at)) for who, what, at in events if what in asked.returns}
        for since in range(first + asked.periods - cohort):
            if cohort + since > last:
                continue
            then = {who for who in members if not since or (who, cohort + since) in back}
            later = {
                who
                for who in members
                if not since or any((who, on) in back for on in range(cohort + since, last + 1))
            }
            cells[cohort - first, since] = (len(members), len(then), len(later))
    return cells


@examples(25)
@given(
    drawn=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.integers(0, 24 * 8)),
        min_size=1,
        max_size=25,
    ),
    recurring=st.booleans(),
    names=st.tuples(st.sampled_from([("x",), ("x", "y")]), st.sampled_from([("y",), ("x", "y")])),
    zone=st.sampled_from(["UTC", "America/St_Johns", "Europe/Madrid"]),
)
def test_retention_is_what_counting_by_hand_finds(
    drawn: list[tuple[str, str, int]],
    recurring: bool,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    zone: str,
) -> None:
    """Around the night in which clocks in Madrid go forward."""
    start = datetime(2026, 3, 26, 22, 15, tzinfo=UTC)
    events = [(who, what, start + timedelta(hours=hours)) for who, what, hours in drawn]
    known = {what for _, what, _ in events}
    asked = Cohorts(
        start=tuple(one for one in names[0] if one in known) or tuple(known),
        returns=tuple(one for one in names[1] if one in known) or tuple(known),
        recurring=recurring,
        length="day",
        periods=8,
        since=datetime(2026, 3, 27),
    )
    with log(events, zone=zone) as laid:
        cells = retention(laid.warehouse, asked)
    first = datetime(2026, 3, 27).toordinal() - datetime(1970, 1, 1).toordinal()
    expected = plainly(events, asked, first, ZoneInfo(zone))
    labels = [f"{datetime(2026, 3, 27) + timedelta(days=n):%Y-%m-%d}" for n in range(8)]
    found = {
        (labels.index(row.cohort), row.periods_since): (
            row.customers,
            row.active,
            row.active_later,
        )
        for row in cells.itertuples()
    }
    assert found == expected


ROWS = [
    ("ann", "2026-01-01 12:00:00", "visit"),
    ("ann", "2026-03-10 12:00:00", "visit"),
    ("bob", "2026-02-27 12:00:00", "Purchase"),
    ("bob", "2026-03-01 12:00:00", "visit"),
    ("cat", "2026-03-05 12:00:00", "visit"),
    ("dan", "2026-04-02 12:00:00", "visit"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("retention")
    write_csv(folder / "log.csv", ("who", "at", "what"), ROWS)
    with warehouse_in(folder, toml()) as warehouse:
        yield warehouse


def test_every_run_has_retention_by_reporting_period(built: Warehouse) -> None:
    """January's customers may be older than the log, and April is not over."""
    found = built.rows(
        "select cohort, periods_since, may_predate, is_partial, customers, active, active_later, "
        "retention_rate, rolling_rate from cohort_retention order by all"
    )
    assert found == [
        ("(all)", 0, False, False, 2, 2, 2, 1.0, 1.0),
        ("(all)", 1, False, False, 1, 1, 1, 1.0, 1.0),
        ("2026-01", 0, True, False, 1, 1, 1, 1.0, 1.0),
        ("2026-01", 1, True, False, 1, 0, 1, 0.0, 1.0),
        ("2026-01", 2, True, False, 1, 1, 1, 1.0, 1.0),
        ("2026-01", 3, True, True, 1, 0, 0, None, None),
        ("2026-02", 0, False, False, 1, 1, 1, 1.0, 1.0),
        ("2026-02", 1, False, False, 1, 1, 1, 1.0, 1.0),
        ("2026-02", 2, False, True, 1, 0, 0, None, None),
        ("2026-03", 0, False, False, 1, 1, 1, 1.0, 1.0),
        ("2026-03", 1, False, True, 1, 0, 0, None, None),
        ("2026-04", 0, False, True, 1, 1, 1, None, None),
    ]
    asked = retention(built, Cohorts()).drop(columns=["retention_lo", "retention_hi"])
    same = ["periods_since", "customers", "active", "active_later", "is_partial", "may_predate"]
    stored = built.frame("from cohort_retention where cohort <> '(all)' order by cohort_no, 4")
    assert asked[same].to_dict("list") == stored[same].to_dict("list")


def test_the_command_shows_a_triangle_and_tells_machines_everything(built: Warehouse) -> None:
    folder = str(Path(built.path).parent)
    printed = CliRunner().invoke(squiggle, ["retention", "-p", folder, "--return", "visit"])
    assert printed.exit_code == 0, printed.output
    lines = printed.output.splitlines()
    assert lines[0].split() == ["cohort", "customers", "0", "1", "2", "3"]
    assert lines[1].split() == ["(all)", "2", "100", "100"]
    assert lines[2].split() == ["2026-01*", "1", "100", "0", "100"]
    assert "older than the log" in lines[-1]
    asked = ["retention", "-p", folder, "--start", "Purchase", "--json", "--since", "2026-02-01"]
    cells = json.loads(CliRunner().invoke(squiggle, asked).output)
    assert [cell["active"] for cell in cells[:3]] == [1, 1, 0]
    assert cells[2]["retention_rate"] is None
