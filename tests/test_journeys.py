"""Sessions and journeys at their boundaries: when they open, when they close, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.warehouse import Warehouse

from .conftest import FIVE, Build, shared, toml, write_csv

pytestmark = pytest.mark.tables("events", "journeys", "sessions", "transitions", "journey_steps")

ONE, TWO, THREE, _, GOAL = FIVE
START = datetime(2026, 1, 1)


def days(*steps: tuple[str, float, str]) -> list[tuple[str, str, str]]:
    """Rows of a log: who, so many days after the start, at which stage."""
    return [
        (who, (START + timedelta(days=day)).isoformat() + "Z", what) for who, day, what in steps
    ]


def journeys(built: Warehouse) -> list[tuple[str, int, str]]:
    """Customer by pseudonym's id, steps and status of each journey, in order."""
    return built.rows(
        "select identity_map.value, steps, status "
        "from journeys join identity_map using (customer_id) "
        "order by identity_map.value, started_us"
    )


def minutes(built: Warehouse) -> list[tuple[str, int]]:
    """Customer and events of each session."""
    return built.rows(
        "select value, sessions.events from sessions join identity_map using (customer_id) "
        "order by value, session_no"
    )


def test_a_silence_as_long_as_the_gap_does_not_split_a_session(build: Build) -> None:
    gap = 30 / 1440
    second = 1 / 86_400
    rows = days(("a", 0, ONE), ("a", gap, ONE), ("b", 0, ONE), ("b", gap + second, ONE))
    built = build(rows, toml())
    assert minutes(built) == [("a", 2), ("b", 1), ("b", 1)]
    assert built.rows("select duration_s from sessions where events = 1") == [(None,), (None,)]


def test_midnight_and_a_change_of_the_clock_do_not_split_a_session(build: Build) -> None:
    rows = [
        ("a", "2026-03-28T23:50:00", ONE),
        ("a", "2026-03-29T00:10:00", ONE),
        ("b", "2026-03-29T01:55:00", ONE),
        ("b", "2026-03-29T03:05:00", ONE),  # ten minutes later: clocks went forward at two
    ]
    built = build(rows, toml(extra='timezone = "Europe/Madrid"'))
    assert minutes(built) == [("a", 2), ("b", 2)]
    assert built.scalar("select max(duration_s) from sessions") == 1200


def test_the_sessions_of_a_published_example(build: Build) -> None:
    folder = shared("oracles", "sess_02_30min_boundary_same_session")
    rows = [line.split(",") for line in (folder / "events.csv").read_text().splitlines()[1:]]
    built = build([(who, at, what) for who, what, at in rows], toml())
    assert built.scalar("select count(*) from sessions") == 5
    assert minutes(built) == [("111", 2), ("111", 2), ("222", 3), ("333", 2), ("333", 2)]


def test_a_silence_as_long_as_the_horizon_closes_a_journey(build: Build) -> None:
    rows = days(("a", 0, ONE), ("a", 13.9, TWO), ("b", 0, ONE), ("b", 14, TWO), ("z", 20, ONE))
    built = build(rows, toml(map_extra='silence = "14 d"'))
    assert journeys(built) == [
        ("a", 2, "open"),
        ("b", 1, "dropped_silent"),
        ("b", 1, "open"),
        ("z", 1, "open"),
    ]


def test_the_next_journey_opens_after_the_goal(build: Build) -> None:
    rows = days(("a", 0, ONE), ("a", 1, GOAL), ("a", 2, TWO), ("a", 3, GOAL))
    built = build(rows, toml())
    assert journeys(built) == [("a", 2, "converted"), ("a", 2, "converted")]
    assert built.rows("select count(*) from journeys where truncated_by = 'stage'") == [(0,)]


def test_a_map_that_closes_by_silence_notes_the_goal_and_goes_on(build: Build) -> None:
    rows = days(("a", 0, ONE), ("a", 1, GOAL), ("a", 2, TWO), ("z", 3, ONE))
    built = build(rows, toml(map_extra='closes = "silence"'))
    assert journeys(built) == [("a", 3, "converted"), ("z", 1, "open")]
    assert built.rows("select is_closed from journeys where status = 'converted'") == [(False,)]
    ends = "select from_node, to_node from transitions where level = 'stage' and to_node = '(open)'"
    assert sorted(built.rows(ends)) == [(ONE, "(open)"), (TWO, "(open)")]


def test_an_abandon_touchpoint_ends_a_journey_explicitly(build: Build) -> None:
    rows = days(("a", 0, ONE), ("a", 1, "cancel"), ("a", 2, TWO))
    project = toml(map_extra='abandon = ["Cancelled"]') + (
        '\n[[touchpoint]]\nname = "Cancelled"\nwhen = { event = "cancel" }\n'
    )
    assert journeys(build(rows, project)) == [("a", 2, "dropped_explicit"), ("a", 1, "open")]


def test_a_map_with_a_start_begins_there(build: Build) -> None:
    rows = days(("a", 0, TWO), ("a", 1, ONE), ("a", 2, ONE), ("a", 3, GOAL), ("a", 4, TWO))
    built = build(rows, toml(map_extra=f'start = ["{ONE}"]'))
    assert journeys(built) == [("a", 3, "converted")]
    assert built.rows("select step_no from journey_steps order by step_no") == [(1,), (2,), (3,)]
    assert built.scalar("select count(*) from events") == 5


@pytest.mark.tables("journeys", "source_quality")
@pytest.mark.parametrize(("required", "last"), [("true", "2026-01-03"), ("false", "2026-01-09")])
def test_the_as_of_moment_is_the_last_one_that_every_required_source_reaches(
    build: Build, tmp_path: Path, required: str, last: str
) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    header = ("who", "at", "what")
    write_csv(folder / "web.csv", header, days(("a", 0, ONE), ("a", 8, TWO)))
    write_csv(folder / "crm.csv", header, days(("b", 2, ONE)))
    project = toml(files="web.csv").replace(
        "[[map]]",
        f'[[source]]\nname = "crm"\nfiles = "crm.csv"\nrequired = {required}\n'
        '[source.columns]\nuser_id = "who"\noccurred_at = "at"\nevent = "what"\n\n[[map]]',
        1,
    )
    built = build.in_folder(folder, project)  # type: ignore[attr-defined]
    assert str(built.scalar("select as_of_at from as_of"))[:10] == last
    late = {"true": 1, "false": 0}[required]
    assert built.scalar("select sum(events_after_as_of) from source_quality") == late
    assert built.scalar("select sum(steps) from journeys") == 3 - late


@pytest.mark.tables()
def test_ties_keep_the_order_of_the_sequence_and_without_one_that_of_the_file(build: Build) -> None:
    def path(rows: Sequence[tuple[str, str, str, str]], columns: str) -> object:
        built = build(rows, toml(columns=columns), header=("who", "at", "what", "n"))
        assert built.rows("select tied_events from source_quality") == [(3,)]
        return built.scalar("select path from variants where level = 'stage'")

    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"'
    at = "2026-01-01T00:00:00Z"
    rows = [("a", at, TWO, "2"), ("a", at, ONE, "1"), ("a", at, THREE, "3")]
    assert path(rows, columns) == f"{TWO} > {ONE} > {THREE}"
    assert path(rows, columns + '\nsequence = "n"') == f"{ONE} > {TWO} > {THREE}"


@pytest.mark.tables()
def test_names_that_look_like_virtual_nodes_or_code_stay_names(build: Build) -> None:
    names = ["(exit)", "(start)", "a > b", "<script>", "=cmd()", "%_'", "🛒"]
    rows = [("a", f"2026-01-01T00:00:{n:02}Z", name) for n, name in enumerate(names)]
    built = build(rows, toml())
    found = {name for (name,) in built.rows("select touchpoint from touchpoints")}
    assert found == {
        "(exit) [event]",
        "(start) [event]",
        "a > b",
        "<script>",
        "=cmd()",
        "%_'",
        "🛒",
    }
    assert built.rows("from reconciliation where not is_met") == []


@pytest.mark.tables()
def test_one_event_is_a_journey(build: Build) -> None:
    built = build(days(("a", 0, ONE)), toml())
    assert journeys(built) == [("a", 1, "open")]
    assert built.rows("from reconciliation where not is_met") == []
    assert built.rows("select squiggle_index, is_straight from journey_shapes") == [(None, None)]
    assert built.rows("select conversion_rate from map_summary") == [(None,)]
