"""Where journeys stop, how long they stay, what comes next, and who meets what: one drawn log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.statistics import wilson
from pipeline.warehouse import Warehouse

from .conftest import toml, warehouse_in, write_csv

HEADER = ("who", "at", "what", "money", "took")
LOG = [
    ("ann", "2026-01-01 10:00:00", "Ad", "", "30"),
    ("ann", "2026-01-01 10:01:00", "Ad", "", ""),
    ("ann", "2026-01-01 10:05:00", "Page", "", ""),
    ("ann", "2026-01-02 10:00:00", "Cart", "", ""),
    ("ann", "2026-01-02 10:10:00", "Order", "50", ""),
    ("ann", "2026-01-02 10:12:00", "Help", "", "90"),
    ("ann", "2026-01-21 10:00:00", "Ad", "", ""),
    ("bob", "2026-01-03 10:00:00", "Page", "", ""),
    ("cat", "2026-01-04 10:00:00", "Ad", "", ""),
    ("cat", "2026-01-04 10:02:00", "Page", "", ""),
    ("cat", "2026-01-06 10:00:00", "Order", "30", ""),
    ("dan", "2026-02-08 10:00:00", "Page", "", ""),
    ("eve", "2026-01-26 10:00:00", "Ad", "", ""),
    ("eve", "2026-01-27 10:00:00", "Cart", "", ""),
    ("eve", "2026-02-09 10:00:00", "Page", "", ""),
]
STAGES = ("Ad", "Page", "Cart", "Order")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("drawn")
    write_csv(folder / "log.csv", HEADER, LOG)
    project = toml(
        stages=STAGES,
        goal="Order",
        columns='user_id = "who"\noccurred_at = "at"\nevent = "what"\nvalue = "money"\n'
        'duration_s = "took"',
        extra='as_of = "2026-02-10"',
        map_extra='silence = "10 d"\nwithin = "5 d"',
    )
    with warehouse_in(folder, project) as built:
        yield built


def rows(drawn: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    return drawn.rows(sql)


def test_a_journey_stops_at_its_last_touchpoint_once_that_is_long_ago(drawn: Warehouse) -> None:
    """Two days ago dan and eve were at the page, and the order is no stop.

    Help, which ann had after her order, is a journey without a stage: of such no rate is read.
    """
    third = pytest.approx(1 / 3)
    found = rows(
        drawn,
        "select touchpoint, visits, mature_visits, stops, stop_rate, dropped, stop_share, is_small "
        "from touchpoint_stops order by touchpoint",
    )
    assert found == [
        ("Ad", 4, 4, 1, 0.25, 1, third, True),
        ("Cart", 2, 2, 1, 0.5, 1, third, True),
        ("Order", 2, 2, 0, 0.0, 0, 0.0, True),
        ("Page", 5, 3, 1, third, 1, third, True),
    ]
    ends = rows(drawn, "select stop_lo, stop_hi from touchpoint_stops where touchpoint = 'Page'")
    assert ends == [pytest.approx(wilson(1, 3))]


def test_stops_by_segment_add_up_to_all_stops(drawn: Warehouse) -> None:
    found = rows(
        drawn,
        "select segment, sum(visits), sum(mature_visits), sum(stops), sum(dropped) "
        "from segment_stops group by segment order by segment",
    )
    assert found == [("all", 13, 11, 3, 3), ("period", 13, 11, 3, 3)]
    assert rows(
        drawn,
        "select value, mature_visits, stop_rate from segment_stops "
        "where segment = 'period' and touchpoint = 'Page' order by value",
    ) == [("2026-01", 3, pytest.approx(1 / 3)), ("2026-02", 0, None)]


def test_reach_is_read_before_the_goal_and_among_those_who_reached_it(drawn: Warehouse) -> None:
    found = rows(
        drawn,
        "select touchpoint, converted, reaching, reach, is_impact, value_reach, closed, "
        "round(closed_reach * closed) from touchpoint_reach order by touchpoint",
    )
    assert found == [
        ("Ad", 2, 2, 1.0, False, 1.0, 5, 4),
        ("Cart", 2, 1, 0.5, False, 0.625, 5, 2),
        ("Help", 2, 0, 0.0, False, 0.0, 5, 0),
        ("Order", 2, 0, 0.0, False, 0.0, 5, 2),
        ("Page", 2, 2, 1.0, False, 1.0, 5, 3),
    ]


def test_a_step_comes_before_at_or_after_the_first_goal_of_its_customer(drawn: Warehouse) -> None:
    found = rows(
        drawn,
        "select touchpoint, phase, events, customers, event_share, buyer_events "
        "from touchpoint_phases order by touchpoint, phase",
    )
    assert found == [
        ("Ad", "after", 1, 1, 0.2, 1),
        ("Ad", "before", 4, 3, 0.8, 3),
        ("Cart", "before", 2, 2, 1.0, 1),
        ("Help", "at", 1, 1, 1.0, 1),
        ("Order", "at", 2, 2, 1.0, 2),
        ("Page", "before", 5, 5, 1.0, 2),
    ]


def test_the_last_event_of_a_session_counts_in_the_median_stay(drawn: Warehouse) -> None:
    """At the ad: 30 seconds as the export says, 120 and 240 seen, and twice no end is seen."""
    found = rows(
        drawn,
        "select touchpoint, stays, ended, told, median_s, naive_median_s, seen_s, sessions "
        "from touchpoint_dwell order by touchpoint",
    )
    assert found == [
        ("Ad", 5, 3, 1, 240, 120, 390, 4),
        ("Cart", 2, 1, 0, 600, 600, 600, 2),
        ("Help", 1, 1, 1, 90, 90, 90, 1),
        ("Order", 2, 1, 0, 120, 120, 120, 2),
        ("Page", 5, 0, 0, None, None, 0, 5),
    ]


def test_what_comes_next_is_a_share_of_the_steps_that_any_step_follows(drawn: Warehouse) -> None:
    found = rows(
        drawn,
        "select touchpoint, next_touchpoint, place, moves, all_moves, next_share "
        "from touchpoint_next order by touchpoint, place",
    )
    assert found == [
        ("Ad", "Page", 1, 2, 4, 0.5),
        ("Ad", "Ad", 2, 1, 4, 0.25),
        ("Ad", "Cart", 3, 1, 4, 0.25),
        ("Cart", "Order", 1, 1, 1, 1.0),
        ("Page", "Cart", 1, 1, 2, 0.5),
        ("Page", "Order", 2, 1, 2, 0.5),
    ]
