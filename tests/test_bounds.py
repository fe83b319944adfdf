"""What bounds the observation, and what breaks a tie: never a record left out, nor a pseudonym."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import load_project, open_warehouse
from pipeline.run import run

from .conftest import FIVE, Build, toml, write_csv

A, B, C, D, E = FIVE
TIMED = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nsequence = "n"'


@pytest.mark.tables("journeys", "as_of", "local_periods")
def test_a_record_sent_again_with_another_time_moves_no_bound(build: Build) -> None:
    log = [
        ("ann", "2026-01-10 10:00:00", A, 1),
        ("ann", "2026-01-11 10:00:00", B, 2),
        ("bob", "2026-01-12 10:00:00", A, 3),
    ]
    again = [("bob", "2026-06-12 10:00:00", A, 3), ("bob", "2025-01-01 10:00:00", A, 3)]
    columns = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nevent_id = "id"'
    project = toml(columns=columns, map_extra='silence = "10 d"')
    asked = (
        "select first_at, as_of_at from as_of",
        "select status, truncated_by from journeys order by all",
        "select period, is_partial from local_periods order by all",
    )
    once, twice = (
        [built.rows(question) for question in asked]
        for built in (build(rows, project, header=("who", "at", "what", "id"))
                      for rows in (log, log + again))
    )  # fmt: skip
    assert twice == once
    assert [status for status, _ in once[1]] == ["open", "open"]


@pytest.mark.tables("ordered_events", "rejected_rows")
def test_a_sequence_orders_as_it_is_written_or_its_record_is_rejected(build: Build) -> None:
    """3.0 is 3, none comes last; 1.6 and 1.4 would both be 2, and the file's order decide."""
    at = "2026-01-10 10:00:00"
    log = [("ann", at, A, "3.0"), ("ann", at, B, "2"), ("ann", at, C, "1e0"), ("ann", at, D, "")]
    log += [("ann", at, E, "9007199254740993"), ("ann", at, A, "9007199254740992")]
    bad = [("bob", at, A, "1.6"), ("bob", at, B, "1.4"), ("bob", at, C, "c")]
    project = toml(columns=TIMED, extra="max_rejected = 1.0")
    built = build(log + bad, project, header=("who", "at", "what", "n"))
    walked = built.rows(
        "select touchpoint from ordered_events inner join touchpoint_names using (touchpoint_no) "
        "order by position"
    )
    assert [name for (name,) in walked] == [C, B, A, A, E, D]
    told = built.rows("select reason, column_name, bad_value from rejected_rows order by row_no")
    assert told == [("number_unparsable", "sequence", n) for n in ("1.6", "1.4", "c")]


def tied(folder: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    write_csv(folder / "log.csv", ("who", "at", "what"), rows)
    privacy = '[privacy]\nkey_from = "SECRET_OF_TESTS"\n'
    found = toml(extra='as_of = "2026-06-01"', source_extra='recorded_since = "2025-01-01"',
                 map_extra='path = "found"') + privacy  # fmt: skip
    (folder / "squiggle.toml").write_text(found, encoding="utf-8")
    return folder


@pytest.mark.tables("intended_path", "variants", "path_following", "customers")
def test_which_of_equal_paths_is_meant_and_listed_does_not_hang_on_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two ways to the goal, once each; and more paths that nobody else takes than are listed."""
    ways = [f"{A} {B} {E}", f"{A} {C} {E}", f"{A} {B} {C} {D} {E}"]
    steps = (A, B, C, D)
    ways += [f"{A} {B} {one} {two} {three}" for one in steps for two in steps for three in steps]
    ways += [f"{B} {C} {one} {two} {three}" for one in steps for two in steps for three in steps]
    rows = [
        (f"c{who}", f"2026-01-{day:02} 10:00:00", what)
        for who, way in enumerate(ways)
        for day, what in enumerate(way.split(), start=1)
    ]
    project = load_project(tied(tmp_path, rows))
    found = []
    for secret in ("the first secret of tests", "another secret of the tests"):
        monkeypatch.setenv("SECRET_OF_TESTS", secret)
        with open_warehouse(run(project).warehouse) as built:
            path = built.rows("select stage from intended_path order by step_no")
            listed = built.rows(
                "select level, variant_no, path, converted from variants order by all"
            )
            follow = built.rows("from path_following order by all")
            names = built.rows("select customer_id from customers order by all")
            found.append((path, listed, follow, names))
    assert [stage for (stage,) in found[0][0]] == [A, B, E]
    assert found[0][:3] == found[1][:3]
    assert found[0][3] != found[1][3]


@pytest.mark.tables("intended_path")
def test_where_long_paths_part_late_the_earlier_stage_is_still_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_TESTS", "the first secret of tests")
    ways = [[A, B] * 5 + [one, E] for one in (C, D)] + [[A, B] * 4 + [C, A, B, E]]
    rows = [
        (f"c{who}{again}", f"2026-01-{day:02} 10:00:00", what)
        for again in range(3) for who, way in enumerate(ways)
        for day, what in enumerate(way, start=1)
    ]  # fmt: skip
    for rotated in range(3):
        others = [(str((int(who[1]) + rotated) % 3) + who, day, what) for who, day, what in rows]
        with open_warehouse(run(load_project(tied(tmp_path, others))).warehouse) as built:
            path = built.rows("select stage from intended_path order by step_no")
        assert [stage for (stage,) in path] == ways[0]
