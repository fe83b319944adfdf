"""Moments: whose clock reads them, and what comes after the as-of moment says nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipeline import Funnel, funnel

from .conftest import Build, toml
from .parts import FUNNELS

AB = ("A", "B")


@pytest.mark.tables("events")
def test_a_zone_that_the_value_names_is_its_own(build: Build) -> None:
    zoned = 'time_format = "%Y-%m-%d %H:%M:%S %Z"'
    rows = [("u1", "2026-01-05 12:00:00 UTC", "A"), ("u1", "2026-07-05 12:00:00 UTC", "B")]
    text = toml(stages=AB, goal="B", source_extra=zoned, extra='timezone = "Europe/Madrid"')
    found = build(rows, text).rows("select hour(occurred_at) from events order by position")
    assert found == [(12,), (12,)]


def test_an_epoch_is_told_wherever_the_machine_stands() -> None:
    told = "from pipeline.ingest.times import fitting_formats as f; print(f(['631152000']))"
    found = subprocess.run(
        [sys.executable, "-c", told],
        env={**os.environ, "TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "['epoch_s']"  # 1990-01-01 00:00 UTC


@pytest.mark.tables(*FUNNELS)
def test_days_of_a_funnel_are_those_of_the_projects_clock(build: Build) -> None:
    rows = [
        ("u1", "2026-03-01 00:30:00", "A"),  # in Madrid; 28 February, UTC
        ("u1", "2026-03-01 00:40:00", "B"),
        ("u2", "2026-03-31 23:30:00", "A"),
        ("u3", "2026-04-01 00:30:00", "A"),  # 31 March, UTC
        ("u4", "2026-04-20 10:00:00", "A"),
    ]
    built = build(rows, toml(stages=AB, goal="B", extra='timezone = "Europe/Madrid"'))
    found = funnel(built, Funnel(["A", "B"], since="2026-03-01", until="2026-03-31"))
    assert found.steps["reached"].to_list() == [2, 1]
    utc = Funnel(["A", "B"], since="2026-03-01T00:00:00Z", until="2026-03-31T23:59:59Z")
    assert funnel(built, utc).steps["reached"].to_list() == [2, 0]


@pytest.mark.tables(*FUNNELS)
def test_who_entered_at_another_time_did_not_only_do_a_later_step(build: Build) -> None:
    rows = [
        ("u1", "2026-01-01 10:00:00", "A"),
        ("u2", "2026-02-01 10:00:00", "A"),
        ("u3", "2026-02-01 10:00:00", "B"),
        ("u4", "2026-04-01 10:00:00", "A"),
    ]
    built = build(rows, toml(stages=AB, goal="B"))
    found = funnel(built, Funnel(["A", "B"], since="2026-02-01"))
    assert (found.outsiders, found.left_truncated) == (1, 0)  # u3 alone
    assert funnel(built, Funnel(["A"], since="2026-02-01")).outsiders == 0


@pytest.mark.tables("journeys")
def test_a_record_after_the_as_of_moment_takes_no_money_out_of_a_journey(build: Build) -> None:
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nvalue = "v"\norder_id = "o"'
    paid = '\n[[touchpoint]]\nname = "paid"\nwhen = { event = "paid" }\n[kpi]\norders = "paid"\n'
    text = toml(stages=AB, goal="B", columns=columns, extra='as_of = "2026-01-06"') + paid
    rows = [
        ("u1", "2026-01-05 12:00:00", "A", "", ""),
        ("u1", "2026-01-05 12:10:00", "B", "10", "o1"),
    ]
    header = ("who", "at", "what", "v", "o")
    asked = "select value from journeys"
    before = build(rows, text, header=header).rows(asked)
    later = ("u1", "2026-01-07 12:00:00", "paid", "10", "o1")
    assert build([*rows, later], text, header=header).rows(asked) == before
    assert before[0][0] == 10


@pytest.mark.tables("source_quality", "quality_register")
def test_a_source_is_told_with_events_of_nobody_too_and_without_what_repeats(build: Build) -> None:
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nevent_id = "id"'
    rows = [
        ("u1", "2026-01-01T10:00:00Z", "A", "1"),
        ("u1", "2026-01-02T10:00:00Z", "B", "2"),
        ("u1", "2026-03-02T10:00:00Z", "B", "2"),
        ("", "2026-01-04T10:00:00.123Z", "odd", "3"),
        ("", "2026-01-05T10:00:00Z", "odd", "4"),
        ("u2", "2026-01-04T09:00:00Z", "odd", "5"),
    ]
    text = toml(stages=AB, goal="B", columns=columns, extra='as_of = "2026-01-04T12:00:00Z"')
    built = build(rows, text, header=("who", "at", "what", "id"))
    assert built.rows(
        "select cast(last_at as varchar), unidentified_events, events_after_as_of, "
        "unmapped_events, resolution from source_quality"
    ) == [("2026-01-05 10:00:00", 2, 1, 3, "millisecond")]
    share = "select rows, of_rows from quality_register where finding like 'events that no%'"
    assert built.rows(share) == [(3, 5)]
