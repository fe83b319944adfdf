"""Figures of fewer than thirty are marked as small: shown, but never ranked."""

from __future__ import annotations

import pytest

from .conftest import Build, toml

STAGES = ("Ad", "Page", "Cart", "Offer", "Order")

# What stands in each table for every customer once.
OF_EACH = {
    "stage_dropoff": "stage = 'Ad'",
    "segment_dropoff": "stage = 'Ad'",
    "touchpoint_stops": "touchpoint = 'Order'",
    "segment_stops": "touchpoint = 'Order'",
    "touchpoint_next": "touchpoint = 'Cart'",
    "touchpoint_reach": "touchpoint = 'Ad'",
    "path_following": "population = 'closed'",
    "path_deviations": "kind = 'skipped' and population = 'closed'",
    "segment_following": "population = 'closed'",
    "squiggle_summary": "population = 'closed'",
    "squiggle_figures": "population = 'closed' and cut = 'journey'",
    "squiggle_cuts": "population = 'closed' and cut = 'journey'",
    "squiggle_tangles": "population = 'closed'",
    "segment_summary": "true",
    "segment_squiggle": "population = 'closed'",
    "segment_cuts": "population = 'closed' and cut = 'journey'",
    "segment_tangles": "population = 'closed'",
}


def walked(customers: int, *path: str) -> list[tuple[str, str, str]]:
    """So many customers who walk the same way, one step a day from New Year on."""
    return [
        (f"{'-'.join(path)} {who}", f"2026-01-{day:02} 10:00:00", step)
        for who in range(customers)
        for day, step in enumerate(path, start=1)
    ]


def project() -> str:
    path = 'path = ["Ad", "Page", "Cart", "Offer", "Order"]'
    as_of = 'as_of = "2026-06-01T00:00:00Z"'
    since = 'recorded_since = "2025-06-01"'
    return toml(stages=STAGES, goal="Order", extra=as_of, source_extra=since, map_extra=path)


@pytest.mark.tables(*OF_EACH)
@pytest.mark.parametrize(("customers", "is_small"), [(29, True), (30, False)])
def test_twenty_nine_are_few_and_thirty_are_enough(
    build: Build, customers: int, is_small: bool
) -> None:
    built = build(walked(customers, "Ad", "Page", "Ad", "Cart", "Order"), project())
    found = {
        table: built.rows(f"select distinct is_small from {table} where {where}")
        for table, where in OF_EACH.items()
    }
    assert found == {table: [(is_small,)] for table in OF_EACH}


@pytest.mark.tables("detour_costs")
@pytest.mark.parametrize(
    ("astray", "straight", "is_small"), [(30, 30, False), (29, 30, True), (30, 29, True)]
)
def test_a_detour_is_judged_where_thirty_took_it_and_thirty_did_not(
    build: Build, astray: int, straight: int, is_small: bool
) -> None:
    log = [
        *walked(astray, "Ad", "Page", "Ad", "Cart", "Order"),
        *walked(straight, "Ad", "Page", "Cart", "Order"),
    ]
    found = build(log, project()).rows(
        "select journeys_with, journeys_without, is_small from detour_costs where kind = 'backward'"
    )
    assert found == [(astray, straight, is_small)]
