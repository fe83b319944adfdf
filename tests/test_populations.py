"""Figures are read from all journeys, from those that are over, or from a fair headline of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.cli.notes import notes
from pipeline.warehouse import Warehouse

from .conftest import FIVE, Build, toml

HELP = '\n[[touchpoint]]\nname = "Help"\nwhen = { event = "help" }\n'
AWARE, INTEREST, _, PURCHASE, LOYAL = FIVE
ALL, CLOSED, HEADLINE = ["all"], ["all", "closed"], ["all", "closed", "headline"]

# The source records since 20 December, the as-of moment is the first second of June, and a silence
# of 30 days closes a journey: 2 May is 30 days before.
DRAWN = [
    ("bought", [("02-10", AWARE), ("02-11", LOYAL)], HEADLINE),
    ("silent since winter", [("02-10", AWARE), ("02-11", INTEREST)], HEADLINE),
    ("began 30 days before", [("05-02", AWARE), ("05-03", LOYAL)], HEADLINE),
    ("began a second later", [("05-02T00:00:01", AWARE), ("05-03", LOYAL)], CLOSED),
    ("bought last week", [("05-24", AWARE), ("05-25", LOYAL)], CLOSED),
    ("at it last week", [("05-24", AWARE), ("05-25", INTEREST)], ALL),
    ("at it since spring", [("04-10", AWARE), ("05-05", AWARE), ("05-25", INTEREST)], ALL),
    ("silent for 30 days", [("04-12", AWARE), ("05-02", INTEREST)], HEADLINE),
    ("silent a second less", [("04-12", AWARE), ("05-02T00:00:01", INTEREST)], ALL),
    ("may have begun before", [("01-18", AWARE), ("01-19", LOYAL)], CLOSED),
    ("began after a silence", [("01-19", AWARE), ("01-20", LOYAL)], HEADLINE),
    ("first seen in the middle", [("02-10", PURCHASE), ("02-11", LOYAL)], CLOSED),
    ("asked for help", [("02-10", "help")], []),
]


@pytest.mark.tables("journey_populations", "identity_map", "customers")
def test_a_population_has_the_journeys_that_may_be_compared_in_it(build: Build) -> None:
    log = [(who, f"2026-{at}", what) for who, steps, _ in DRAWN for at, what in steps]
    project = toml(
        extra='as_of = "2026-06-01T00:00:00Z"',
        source_extra='recorded_since = "2025-12-20"',
        map_extra='silence = "30 d"',
    )
    built = build(log, project + HELP)
    found = built.rows(
        "select id.value, list(population order by population) filter (population is not null) "
        "from identity_map as id join customers using (customer_id) "
        "left join journey_populations using (customer_no) "
        "where id.kind = 'user_id' group by id.value"
    )
    assert {who: named or [] for who, named in found} == {who: named for who, _, named in DRAWN}


def test_each_journey_stands_where_its_own_facts_put_it(crooked: Warehouse) -> None:
    as_of = datetime(2026, 7, 1, tzinfo=UTC)
    facts = crooked.rows(
        "select standing, is_closed, truncated_by, started_us, staged_steps from journey_facts"
    )
    for standing, is_closed, truncated_by, started_us, staged_steps in facts:
        began = datetime.fromtimestamp(started_us / 1e6, UTC)
        is_fair = truncated_by is None and began <= as_of - timedelta(days=30)
        expected = (3 if is_fair else 2) if is_closed else 1
        assert standing == (expected if staged_steps else None)
    assert {standing for standing, *_ in facts} == {None, 1, 2, 3}
    members = crooked.rows("select population, count(*) from journey_populations group by all")
    assert dict(members) == {
        name: sum((fact[0] or 0) >= number for fact in facts)
        for number, name in enumerate(("all", "closed", "headline"), start=1)
    }


@pytest.mark.parametrize(
    ("path", "since", "told"),
    [
        ("BC", 'recorded_since = "2020-01-01"', "most of them are first seen beyond 'A'"),
        ("AC", "", "set recorded_since where you know better"),
    ],
)
@pytest.mark.tables("map_summary", "stage_map_check", "touchpoint_rules", "customers")
def test_what_to_do_about_beginnings_depends_on_why_they_are_missing(
    path: str, since: str, told: str, build: Build
) -> None:
    log = [("ann", f"2026-01-0{day}", what) for day, what in enumerate(path, start=1)]
    built = build(log, toml(stages=("A", "B", "C"), goal="C", source_extra=since))
    assert [note for note in notes(built) if told in note]
