"""Where files are: what a project names, what a command may write over, what is cleared away."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from pipeline.errors import DataError, ProjectError
from pipeline.project import load_project
from pipeline.temporary import temporary_folder
from pipeline.values import zone

from .commands import refused, told
from .conftest import Build, toml, write_csv

HEADER = ("who", "at", "what")
ROWS = [("u1", "2026-01-01 10:00:00", "Awareness"), ("u1", "2026-01-02 10:00:00", "Loyalty")]
LINKS = '\n[identity]\nlinks = "links.csv"\n'


def edited(project: Path, text: str) -> Path:
    (project / "squiggle.toml").write_text(text, encoding="utf-8")
    return project


@pytest.mark.tables("reconciliation")
def test_a_file_may_be_of_two_sources(build: Build) -> None:
    second = '\n[[source]]\nname = "again"\nfiles = "log.csv"\n[source.columns]\n'
    second += 'user_id = "who"\noccurred_at = "at"\nevent = "what"\n'
    built = build(ROWS, toml() + second)
    read = "every record is loaded, a duplicate or rejected"
    assert built.rows(f"select subject from reconciliation where law = '{read}'") == [
        ("again, log.csv",),
        ("log, log.csv",),
    ]


@pytest.mark.tables("reconciliation")
def test_names_with_commas_are_not_taken_for_one_another(build: Build) -> None:
    one = toml(stages=("web, start", "end"), goal="end").replace('"journey"', '"shop"')
    other = '\n[[map]]\nname = "shop, web"\nstages = ["start", "end"]\ngoal = "end"\n'
    other += '\n[[touchpoint]]\nname = "s"\nstage = "start"\nwhen = { event = "s" }\n'
    rows = [("u1", "2026-01-01 10:00:00", "s"), ("u1", "2026-01-01 11:00:00", "end")]
    built = build(rows, one + other)
    reached = built.rows("select subject from reconciliation where law like 'reached = %'")
    assert ("shop, web,, start",) in reached
    assert ("shop,, web, start",) in reached


@pytest.mark.tables("customers")
def test_files_may_lie_beside_the_folder_and_a_pattern_that_is_none_is_told(
    build: Build, tmp_path: Path
) -> None:
    write_csv(tmp_path / "far.csv", HEADER, ROWS)
    (tmp_path / "here").mkdir()
    built = build.in_folder(tmp_path / "here", toml(files="../*.csv"))  # type: ignore[attr-defined]
    assert built.scalar("select count(*) from customers") == 1
    with pytest.raises(DataError, match=r"'far\*\*\.csv': this is no pattern .*exports/\*\*"):
        build(ROWS, toml(files="far**.csv"))


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        ('report = "./journeys.duckdb"\n', "warehouse: report is also './journeys.duckdb'"),
        ('warehouse = "x/../squiggle.toml"\n', "warehouse is this very file"),
        ('report = "./links.csv"\n', "report is also the file of links"),
        ('warehouse = "."\n', "warehouse = '.' is a folder; name a file in it"),
    ],
)
def test_a_run_writes_over_nothing_that_it_needs_however_the_path_is_written(
    text: str, told_of: str, project: Path
) -> None:
    (project / "x").mkdir()
    edited(project, text + toml() + LINKS)
    with pytest.raises(ProjectError, match=told_of.replace(".", r"\.")):
        load_project(project)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("squiggle.toml", "a project file"),
        ("journeys.duckdb", "the warehouse"),
        ("links.csv", "the file of links"),
        (".squiggle/tables.json", "a file of the event store"),
        ("log.csv", "an export that the project reads"),
    ],
)
def test_no_command_writes_over_what_the_project_needs(
    name: str, what: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "links.csv").write_text("kind,value,other_kind,other_value\n", encoding="utf-8")
    edited(project, toml(files="log.csv") + LINKS)
    before = (project / name).read_bytes()
    assert f"this is {what}" in refused("report", "-p", project, "-o", project / name)
    assert (project / name).read_bytes() == before


def test_a_folder_of_somebody_elses_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    theirs = tmp_path / "squiggle-shop"
    theirs.mkdir()
    for name in (".lock", ".squiggle-lock", "orders.csv"):
        (theirs / name).touch()
    with temporary_folder("check"):
        pass
    assert sorted(one.name for one in theirs.iterdir()) == [
        ".lock",
        ".squiggle-lock",
        "orders.csv",
    ]


@pytest.mark.parametrize("name", ["localtime", "posix/Europe/Madrid", "right/UTC", "posixrules"])
def test_a_clock_that_is_another_on_each_machine_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        zone(name)


def test_a_project_file_that_changed_since_the_run_is_told(project: Path) -> None:
    from .commands import asked

    assert "Note" not in asked("sql", "select 1 as one", "-p", project).output
    edited(project, toml(map_extra='silence = "3 d"'))
    found = asked("sql", "select 1 as one", "-p", project)
    assert "the project file has changed since the run" in found.output
    assert told("sql", "select 1 as one", "-p", project, "--json")[0] == "["


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("as_of = 20251231\n", "as_of: this is no moment"),
        ("max_rejected = true\n", "max_rejected: this must be a number"),
        (
            'plausible_from = "2026-01-01"\nplausible_to = "2025-01-01"\n',
            "plausible_from must be before plausible_to",
        ),
    ],
)
def test_a_value_of_another_kind_is_not_read_as_something_else(
    text: str, message: str, project: Path
) -> None:
    with pytest.raises(ProjectError, match=message):
        load_project(edited(project, text + toml()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[privacy]\nk = true", "k: this must be a whole number"),
        ("[privacy]\nkey_from = 'hush!'", "key_from: this must be the name of an env.*variable$"),
        ("[kpi]\nlost_days = 2000000000", "lost_days: this can be at most 366,000"),
        ('[kpi]\nnps = "Interest"\ncsat = "Interest"', "'Interest' is under nps, too"),
        ('[[segment]]\nname = "outcome"\ncolumn = "source"', "'outcome' is there already"),
    ],
)
def test_a_section_that_would_mislead_is_refused(text: str, message: str, project: Path) -> None:
    with pytest.raises(ProjectError, match=message):
        load_project(edited(project, f"{toml()}\n{text}\n"))


def test_a_touchpoint_and_its_stage_cannot_be_on_two_scales(project: Path) -> None:
    page = '\n[[touchpoint]]\nname = "Page"\nstage = "Interest"\nwhen = { event = "page" }\n'
    edited(project, toml() + page + '\n[kpi]\nnps = "Interest"\ncsat = "Page"\n')
    with pytest.raises(ProjectError, match="csat: 'Page' is under nps, too"):
        load_project(project)
