"""Where a limit lies, the second that decides is drawn: on which side the limit itself counts."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.warehouse import Warehouse

from .conftest import Build, toml, write_csv
from .test_identity import people

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
    assert found == [("Ad", 4, 4, 0, 0, 3), ("Page", 3, 1, 1, 1, 2), ("Cart", 2, 0, 0, 2, 0)]


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


@pytest.mark.tables("contacts", "events")
def test_a_contact_is_repeated_within_seven_days_and_mature_after_seven(build: Build) -> None:
    log = [
        ("ann", "2026-01-01T00:00:00", "ticket"),
        ("ann", "2026-01-08T00:00:00", "ticket"),
        ("bob", "2026-01-01T00:00:00", "ticket"),
        ("bob", "2026-01-08T00:00:01", "ticket"),
    ]
    ticket = '[[touchpoint]]\nname = "Ticket"\nwhen = { event = "ticket" }\n'
    project = toml(stages=STAGES, goal="Order", extra='as_of = "2026-01-15T00:00:00Z"')
    found = build(log, f'{project}{ticket}[kpi]\nsupport = "Ticket"\n').rows(
        "select row_no, is_repeated, is_mature from contacts join events using (event_no) "
        "order by row_no"
    )
    assert found == [(1, True, True), (2, False, True), (3, False, True), (4, False, False)]


@pytest.mark.tables("recency_classes")
def test_a_customer_is_inactive_and_lost_from_that_silence_on(build: Build) -> None:
    log = [
        ("lost", "2026-01-12T00:00:00", "Ad"),
        ("not yet lost", "2026-01-12T00:00:01", "Ad"),
        ("inactive", "2026-01-22T00:00:00", "Ad"),
        ("not yet inactive", "2026-01-22T00:00:01", "Ad"),
    ]
    project = toml(stages=STAGES, goal="Order", extra='as_of = "2026-02-01T00:00:00Z"')
    found = build(log, f"{project}[kpi]\ninactive_days = 10\nlost_days = 20\n").rows(
        "select class, customers from recency_classes where basis = 'activity' order by class"
    )
    assert found == [("active", 1), ("inactive", 2), ("lost", 1)]


@pytest.mark.tables("sales_cycles")
def test_a_sales_cycle_of_a_day_is_instant_and_one_of_a_week_takes_up_to_a_week(
    build: Build,
) -> None:
    ends = ["02T00:00:00", "02T00:00:01", "08T00:00:00", "08T00:00:01"]
    log = [
        row
        for who, end in enumerate(ends)
        for row in (
            (f"c{who}", "2026-01-01T00:00:00", "Ad"),
            (f"c{who}", f"2026-01-{end}", "Order"),
        )
    ]
    found = build(log, toml(stages=STAGES, goal="Order")).rows(
        "select class, in_class from sales_cycles order by class_no limit 3"
    )
    assert found == [("instant", 1), ("up to 7 days", 2), ("up to 30 days", 1)]


@pytest.mark.tables("events")
def test_between_two_log_ins_as_far_away_a_device_lends_to_the_earlier(build: Build) -> None:
    rows = [("ann", "", "d", 0), ("", "", "d", 10 * 1440), ("bob", "", "d", 20 * 1440)]
    assert people(build, rows, extra='shared_within = "15 d"') == [1, 1, 2]


@pytest.mark.tables("events")
def test_half_an_hour_without_an_event_is_within_a_session_of_a_device(build: Build) -> None:
    rows = [("ann", "", "d", 0), ("", "", "d", 30), ("bob", "", "d", 300), ("", "", "d", 331)]
    assert people(build, rows) == [1, 1, 2, 3]


@pytest.mark.tables("events")
@pytest.mark.parametrize(("minutes", "found"), [(0, [1, 2, 3]), (1, [1, 1, 2])])
def test_persons_as_far_apart_as_is_allowed_share_a_device(
    build: Build, minutes: int, found: list[int]
) -> None:
    rows = [("ann", "", "d", 0), ("", "", "d", 100), ("bob", "", "d", 20 * 1440 + minutes)]
    assert people(build, rows, extra='shared_within = "20 d"') == found


@pytest.mark.tables("detour_costs")
def test_a_detour_costs_what_is_lost_within_t_of_those_watched_for_t(build: Build) -> None:
    """All go back once; T is ten days, and the as-of moment begins 10 February."""
    walks = [
        ("won in time", "2026-01-31T00:00:00", "2026-02-10T00:00:00"),
        ("won a second later", "2026-01-20T00:00:00", "2026-01-30T00:00:01"),
        ("watched a second less", "2026-01-31T00:00:01", "2026-02-09"),
    ]
    log = [
        row
        for who, start, end in walks
        for row in (
            (who, start, "Ad"),
            (who, start.replace("T00", "T01"), "Page"),
            (who, start.replace("T00", "T02"), "Ad"),
            (who, end, "Order"),
        )
    ]
    project = toml(
        stages=("Ad", "Page", "Order"),
        goal="Order",
        extra='as_of = "2026-02-10T00:00:00Z"',
        source_extra='recorded_since = "2025-06-01"',
        map_extra='silence = "20 d"\nwithin = "10 d"\npath = ["Ad", "Page", "Order"]',
    )
    found = build(log, project).rows(
        "select journeys_with, converted_with from detour_costs where kind = 'backward'"
    )
    assert found == [(2, 1)]


@pytest.mark.tables("touchpoint_kpis")
def test_half_an_hour_later_the_visit_goes_on_and_a_second_later_it_is_another(
    build: Build,
) -> None:
    log = [("ann", f"2026-01-01 {time}", "Ad") for time in ("10:00:00", "10:30:00", "11:00:01")]
    found = build(log, toml(stages=STAGES, goal="Order")).rows(
        "select events, visits from touchpoint_kpis where touchpoint = 'Ad'"
    )
    assert found == [(3, 2)]


@pytest.mark.tables("stage_dropoff")
def test_who_reaches_the_goal_at_the_very_time_of_a_stage_has_gone_on_from_it(
    build: Build,
) -> None:
    sign_up = '[[touchpoint]]\nname = "Sign up"\nwhen = { event = "sign up" }\n'
    log = [
        ("ann", "2026-01-01 10:00:00", "Ad"),
        ("ann", "2026-01-02 10:00:00", "Page"),
        ("ann", "2026-01-02 10:00:00", "sign up"),
        ("bob", "2026-01-01 10:00:00", "Ad"),
    ]
    project = toml(stages=("Ad", "Page"), goal="Sign up", extra='as_of = "2026-06-01"') + sign_up
    found = build(log, project).rows(
        "select stage, reached, progressed, dropped from stage_dropoff order by stage_no"
    )
    assert found == [("Ad", 2, 1, 1), ("Page", 1, 1, 0)]


@pytest.mark.tables("progress_times")
def test_at_a_stage_that_is_reached_at_the_very_time_of_the_goal_one_stands_for_no_time(
    build: Build,
) -> None:
    goal = '\n[[touchpoint]]\nname = "Done"\nwhen = { event = "Done" }\n'
    log = [("ann", "2026-01-01T10:00:00", STAGES[0])]
    log += [("ann", "2026-01-01T10:05:00", what) for what in (STAGES[1], "Done")]
    project = toml(stages=STAGES, goal="Done") + goal
    found = build(log, project).rows(
        "select stage_no, duration_us, outcome, fate from progress_times order by stage_no"
    )
    minutes = 5 * 60_000_000
    assert found == [
        (0, minutes, 1, "progressed"),
        (1, minutes, 1, "progressed"),
        (2, 0, 1, "progressed"),
    ]


@pytest.mark.tables("reject_reasons")
def test_reasons_are_counted_by_record_and_a_file_that_cannot_be_read_is_none(
    build: Build, tmp_path: Path
) -> None:
    project = toml(
        stages=STAGES,
        goal="Order",
        extra="max_rejected = 1.0",
        source_extra='time_format = "iso"',
    )
    header = ("who", "at", "what")
    rows = [("ann", "2026-01-01T10:00:00", STAGES[0]), ("ann", "soon", STAGES[0])]
    write_csv(tmp_path / "a.csv", header, [*rows, ("ann", "later", STAGES[0])])
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"who,at,what\n" * 99)[:-9])
    built = build.in_folder(  # type: ignore[attr-defined]
        tmp_path, project.replace('"*.csv"', '["*.csv", "*.csv.gz"]')
    )
    assert built.rows("select reason, column_name, rows, example from reject_reasons") == [
        ("time_unparsable", "occurred_at", 2, "later")
    ]
    assert built.rows("select reason from rejected_rows where row_no = 0") == [("unreadable_file",)]
