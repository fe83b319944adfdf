"""What a finding means for the figures: read with the journeys it touches, and without them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pipeline.warehouse import Warehouse

from .conftest import Build, toml

LATE = "2026-04-01 10:00:00"
ROWS = [
    # id, who, at, what
    ("1", "end", LATE, "Awareness"),  # the end of the observation
    # ann: straight to the goal, one record twice
    *[("2", "ann", "2026-01-01 10:00:00", "Awareness")] * 2,
    ("3", "ann", "2026-01-02 10:00:00", "Loyalty"),
    # bob: back and silent, two events at the same time, one of them unknown to the map
    ("4", "bob", "2026-01-01 10:00:00", "Interest"),
    ("5", "bob", "2026-01-02 10:00:00", "Awareness"),
    ("6", "bob", "2026-01-02 10:00:00", "newsletter"),
    # cat: one id, two contents; silent
    ("7", "cat", "2026-01-01 10:00:00", "Awareness"),
    ("7", "cat", "2026-01-01 11:00:00", "Awareness"),
    ("8", "cat", "2026-01-02 10:00:00", "Interest"),
    # dan: never at a stage, so none of the figures is about him
    ("9", "dan", "2026-01-02 10:00:00", "newsletter"),
]
COLUMNS = 'event_id = "id"\nuser_id = "who"\noccurred_at = "at"\nevent = "what"'


@pytest.fixture
def built(build: Build) -> Warehouse:
    project = toml(columns=COLUMNS, source_extra='recorded_since = "2025-01-01"')
    return build(ROWS, project, header=("id", "who", "at", "what"))


def test_each_finding_says_what_the_figures_are_without_what_it_touches(built: Warehouse) -> None:
    found = {
        row[0]: row[1:]
        for row in built.rows(
            "select finding, journeys, of_journeys, round(conversion_share, 4), "
            "round(conversion_without, 4), squiggle_index, squiggle_without from quality_effects"
        )
    }
    # Closed: ann 0 of 4 back, bob 1 of 1 (nothing won), cat 0 of 1. SI = 1 - 5 / 6.
    third, sixth = 0.3333, pytest.approx(1 / 6)
    assert found == {
        "duplicate records": (2, 3, third, 0.0, sixth, 1.0),
        "one event id, several contents": (1, 3, third, 0.5, sixth, pytest.approx(1 / 5)),
        "events at the same time as another of the customer": (1, 3, third, 0.5, sixth, 0.0),
        "events that no touchpoint rule matches": (1, 3, third, 0.5, sixth, 0.0),
        "journeys whose beginning may lie before the data": (1, 3, third, 0.5, sixth, 0.0),
        "journeys that may still go on": (1, 4, 0.25, third, sixth, sixth),
    }


def test_the_register_shows_the_map_that_leans_most(built: Warehouse) -> None:
    register = built.rows(
        "select finding, map_name, conversion_without from quality_register order by finding"
    )
    effects = built.rows(
        "select finding, map_name, conversion_without from quality_effects order by finding"
    )
    named = dict.fromkeys(finding for finding, *_ in effects)
    assert [row for row in register if row[0] in named] == effects


def test_steps_that_no_rule_made_are_told_of_all_steps(built: Warehouse) -> None:
    """Of nine steps two, at the newsletter; as it has no stage they are off the axis, too."""
    found = built.rows("select unmapped_share, off_axis_share from map_summary")
    assert found == [(pytest.approx(2 / 9), pytest.approx(2 / 9))]


def test_nothing_left_is_null_and_not_zero(build: Build) -> None:
    rows = [("ann", "2026-01-01 10:00:00", "Awareness"), ("ann", "2026-01-01 10:00:00", "Loyalty")]
    found = build(rows, toml(source_extra='recorded_since = "2025-01-01"')).rows(
        "select finding, conversion_share, conversion_without, squiggle_without "
        "from quality_effects"
    )
    assert found == [("events at the same time as another of the customer", 1.0, None, None)]


def test_anonymous_customers_are_held_against_identified_ones(build: Build) -> None:
    rows = [
        ("end", "", LATE, "Awareness"),
        ("ann", "", "2026-01-01 10:00:00", "Loyalty"),
        ("", "phone", "2026-01-01 10:00:00", "Awareness"),
    ]
    columns = COLUMNS.replace("event_id", "device_id").replace('"id"', '"on"')
    project = toml(columns=columns, source_extra='recorded_since = "2025-01-01"')
    found = build(rows, project, header=("who", "on", "at", "what")).rows(
        "select journeys, conversion_share, conversion_without from quality_effects "
        "where finding = 'journeys of customers whom no strong id names'"
    )
    assert found == [(1, 0.5, 1.0)]


def test_of_a_source_every_event_is_counted_by_what_is_the_matter_with_it(build: Build) -> None:
    rows = [
        ("ann", "2026-01-01 10:00:00", "Awareness"),  # two at the same time
        ("ann", "2026-01-01 10:00:00", "news"),  # twice what no rule matches
        ("ann", "2026-01-02 10:00:00", "news"),
        ("", "2026-01-02 11:00:00", "Interest"),  # nobody's
        ("bob", "2026-01-15 00:00:00", "Awareness"),  # at the as-of moment
        ("bob", "2026-01-15 00:00:01", "Awareness"),  # after it
    ]
    built = build(rows, toml(extra='as_of = "2026-01-15T00:00:00Z"'))
    asked = "rows_loaded, unidentified_events, events_after_as_of, tied_events, unmapped_events"
    assert built.rows(f"select {asked} from source_quality") == [(6, 1, 1, 2, 2)]
    register = "select rows, of_rows from quality_register where finding like"
    assert built.rows(f"{register} 'events at the same time%'") == [(2, 5)], "of those in journeys"
    assert built.rows(f"{register} 'events that no touchpoint%'") == [(2, 6)]
    assert built.rows(f"{register} 'days without%'") == [], "few events make no day surprising"


def test_local_times_that_never_were_or_were_twice_are_told(build: Build) -> None:
    rows = [
        ("ann", "2026-03-29 02:00:00", "Awareness"),  # of these there is no
        ("ann", "2026-03-29 02:59:59", "Awareness"),  # hour in Madrid
        ("ann", "2026-03-29 03:00:00", "Awareness"),
        ("ann", "2026-10-25 02:30:00", "Awareness"),  # and this one was twice
    ]
    found = build(rows, toml(extra='timezone = "Europe/Madrid"')).rows(
        "select rows, of_rows from quality_register where finding like 'local times%'"
    )
    assert found == [(3, 4)]


def test_touchpoints_have_every_event_and_their_kpis_those_until_the_as_of_moment(
    build: Build,
) -> None:
    rows = [
        ("ann", "2026-01-01 10:00:00", "Awareness"),
        ("ann", "2026-01-01 10:05:00", "Awareness"),  # the same visit
        ("ann", "2026-01-03 10:00:00", "Awareness"),
        ("ann", "2026-02-01 10:00:00", "Awareness"),  # from here on after the as-of moment
        ("bob", "2026-02-02 10:00:00", "Awareness"),
        ("bob", "2026-02-03 10:00:00", "Interest"),
    ]
    built = build(rows, toml(extra='as_of = "2026-01-15"'))
    named = "where touchpoint in ('Awareness', 'Interest') order by 1"
    assert built.rows(
        f"select touchpoint, events, customers, strftime(last_at, '%m-%d') from touchpoints {named}"
    ) == [("Awareness", 5, 2, "02-02"), ("Interest", 1, 1, "02-03")]
    assert built.rows(
        f"select touchpoint, events, visits, visitors from touchpoint_kpis {named}"
    ) == [("Awareness", 3, 2, 1), ("Interest", 0, 0, 0)]


def test_sessions_that_hardly_any_person_has_are_told(build: Build) -> None:
    """Twelve hours are not too long, a second more is; 2,500 events are not too many."""

    def beats(who: str, times: int, seconds: int, day: int = 1) -> list[tuple[str, str, str]]:
        start = datetime(2026, 1, day)
        moments = [start + timedelta(seconds=seconds * number) for number in range(times)]
        return [(who, moment.isoformat() + "Z", "Awareness") for moment in moments]

    rows = [*beats("ann", 1, 1), *beats("bob", 25, 1800), *beats("cat", 25, 1799)]
    rows += [
        ("cat", "2026-01-01T12:00:01Z", "Loyalty"),
        *beats("dot", 2500, 2),
        *beats("bot", 2501, 2),
    ]
    rows += [*beats("bot", 26, 1799, day=3), ("end", LATE, "Awareness")]
    built = build(rows, toml(source_extra='recorded_since = "2025-01-01"'))
    finding = "where finding like 'sessions longer%'"
    told = f"select subject, rows, of_rows, share from quality_register {finding}"
    assert built.rows(told) == [("all customers", 3, 7, pytest.approx(3 / 7))]
    told = f"select journeys, of_journeys, conversion_without from quality_effects {finding}"
    assert built.rows(told) == [(2, 5, 0.0)]
