"""A few events far from all others: a wrong clock that moves what is observed, and is told."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.cli.unseen import strays

from .conftest import Build, toml, write_csv


@pytest.mark.tables("source_gaps", "source_quality", "quality_register")
@pytest.mark.parametrize(
    ("others", "stray", "told"),
    [
        (99, "2026-03-03", [(1, True)]),  # one in a hundred, after thirty days without any
        (98, "2026-03-03", []),
        (99, "2026-03-02", []),
        (99, "2025-12-02", [(1, False)]),
        (99, "2025-12-03", []),
    ],
)
def test_a_few_events_far_from_all_others_are_told(
    build: Build, others: int, stray: str, told: list[tuple[int, bool]]
) -> None:
    """A clock that is wrong once moves the as-of moment, or the beginning of the record."""
    log = [(f"c{who}", f"2026-01-{who % 30 + 2:02}", "Awareness") for who in range(others)]
    built = build([*log, ("late", stray, "Awareness")], toml())
    asked = "select strays, is_late from source_gaps where strays is not null"
    assert built.rows(asked) == told
    listed = "select rows, of_rows from quality_register where finding like 'events long %'"
    assert built.rows(listed) == [(1, 100)] * len(told)
    said = strays(built)
    assert len(said) == len(told)
    for sentence in said:
        assert f"1 of 100 events lie 30 days {'after' if told[0][1] else 'before'} all" in sentence


@pytest.mark.tables("source_gaps", "source_quality")
def test_where_events_are_rare_a_late_one_is_no_stray(build: Build) -> None:
    """One in ten days: sixty days without any are no surprise."""
    first = date(2023, 1, 1)
    days = [*range(0, 1100, 10), 1150]
    log = [(f"c{day}", f"{first + timedelta(days=day)}", "Awareness") for day in days]
    assert strays(build(log, toml())) == []


@pytest.mark.tables("source_gaps", "source_quality")
@pytest.mark.parametrize(("silence", "told"), [("20 d", 1), ("200 d", 0)])
def test_strays_are_as_far_as_the_shortest_silence_of_a_map(
    silence: str, told: int, build: Build
) -> None:
    log = [(f"c{who}", f"2026-01-{who % 30 + 1:02}", "Awareness") for who in range(198)]
    log += [("late", "2026-06-01", "Awareness")]
    maps = 'silence = "300 d"\n\n[[map]]\nname = "other"\nstages = ["Awareness", "Interest"]\n'
    maps += f'goal = "Interest"\nsilence = "{silence}"\n'
    assert len(strays(build(log, toml(map_extra=maps)))) == told


@pytest.mark.tables("source_gaps", "source_quality")
def test_strays_that_do_not_set_the_as_of_moment_harm_nobody(build: Build, tmp_path: Path) -> None:
    """The other source ends in January, and so does what is observed."""
    rows = [(f"c{who}", f"2026-01-{who % 30 + 1:02}", "Awareness") for who in range(198)]
    for name, more in (("log", [("late", "2026-06-01", "Awareness")]), ("other", [])):
        write_csv(tmp_path / f"{name}.csv", ("who", "at", "what"), [*rows, *more])
    text = toml(files="log.csv")
    source = text[text.index("[[source]]") : text.index("[[map]]")]
    other = source.replace('"log"', '"other"').replace("log.csv", "other.csv")
    for project, told in ((text, 1), (text.replace(source, source + other), 0)):
        assert len(strays(build.in_folder(tmp_path, project))) == told  # type: ignore[attr-defined]


@pytest.mark.tables("source_gaps", "source_quality")
def test_strays_are_told_where_nothing_else_bounds_what_they_bend(build: Build) -> None:
    log = [(f"c{who}", f"2026-01-{who % 30 + 1:02}", "Awareness") for who in range(198)]
    log += [("late", "2026-06-01", "Awareness"), ("early", "2025-06-01", "Awareness")]
    told = strays(build(log, toml()))
    assert [" after all" in sentence for sentence in told] == [False, True]
    bounds = {"extra": 'as_of = "2026-07-01"', "source_extra": 'recorded_since = "2025-01-01"'}
    assert strays(build(log, toml(**bounds))) == []
