"""Where a limit lies, the second that decides is drawn: on which side the limit itself counts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.warehouse import Warehouse

from .conftest import Build, toml

STAGES = ("Ad", "Page", "Cart", "Order")

# The as-of moment begins 10 February, and a silence of 10 days closes a journey.
LOG = [
    ("stopped", "2026-01-30", "Ad"),
    ("stopped", "2026-01-31T00:00:00", "Page"),
    ("stopped later", "2026-01-30", "Ad"),
    ("stopped later", "2026-01-31T00:00:01", "Page"),
    ("went on", "2026-01-31T00:00:00", "Ad"),
    ("went on", "2026-02-02", "Cart"),
    ("went on later", "2026-01-31T00:00:01", "Ad"),
    ("went on later", "2026-02-02", "Cart"),
    ("bought at once", "2026-01-10", "Page"),
    ("bought at once", "2026-01-10", "Order"),
]


@pytest.fixture
def edges(build: Build) -> Warehouse:
    as_of = 'as_of = "2026-02-10T00:00:00Z"'
    project = toml(stages=STAGES, goal="Order", extra=as_of, map_extra='silence = "10 d"')
    return build(LOG, project)


@pytest.mark.tables("stop_counts", "touchpoint_names")
def test_a_visit_is_mature_and_a_stop_from_the_horizon_on(edges: Warehouse) -> None:
    """Ad is left on 30 January, twice, and on both sides of the limit; Page for the goal."""
    found = edges.rows(
        "select touchpoint, visits, mature_visits, stops, dropped, went_on, won from stop_counts "
        "join touchpoint_names using (touchpoint_no) where segment_no = 0 order by touchpoint"
    )
    assert found == [
        ("Ad", 4, 3, 0, 0, 1, 0),
        ("Cart", 2, 0, 0, 0, 0, 0),
        ("Order", 1, 1, 0, 0, 0, 0),
        ("Page", 3, 2, 1, 1, 1, 1),
    ]


@pytest.mark.tables("silence_sensitivity")
def test_a_frontier_is_dropped_and_mature_from_the_horizon_on(edges: Warehouse) -> None:
    found = edges.rows(
        "select stage, frontier, progressed, dropped, open, mature from silence_sensitivity "
        "where factor = 'whole' order by stage_no"
    )
    assert found == [("Ad", 4, 4, 0, 0, 3), ("Page", 2, 0, 1, 1, 1), ("Cart", 2, 0, 0, 2, 0)]


@pytest.mark.tables("touchpoint_dwell")
def test_a_stay_may_last_as_long_as_a_session_gap_or_no_time(build: Build) -> None:
    log = [
        ("ann", "2026-01-01 10:00:00", "Ad", ""),
        ("ann", "2026-01-01 10:30:00", "Page", "0"),
        ("ann", "2026-01-01 11:00:01", "Cart", ""),
    ]
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nduration_s = "took"'
    project = toml(stages=STAGES, goal="Order", columns=columns)
    found = build(log, project, header=("who", "at", "what", "took")).rows(
        "select touchpoint, stays, ended, told, median_s from touchpoint_dwell order by touchpoint"
    )
    assert found == [("Ad", 1, 1, 0, 1800), ("Cart", 1, 0, 0, None), ("Page", 1, 1, 1, 0)]


@pytest.mark.tables("source_gaps")
@pytest.mark.parametrize(("last", "is_surprising"), [(20, True), (19, False)])
def test_an_empty_day_surprises_where_ten_events_were_usual(
    build: Build, last: int, is_surprising: bool
) -> None:
    days: Sequence[tuple[int, int]] = [(1, 10), (3, last)]
    log = [(f"c{who}", f"2026-01-0{day}", "Ad") for day, events in days for who in range(events)]
    found = build(log, toml(stages=STAGES, goal="Order")).rows(
        "select strftime(first_at, '%d'), days, is_surprising from source_gaps"
    )
    assert found == [("02", 1, is_surprising)]
