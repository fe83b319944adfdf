"""Odd places and odd moments: names no text can hold, links, what is written over, what is told."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import pipeline.cli.ask as ask_commands
import pipeline.cli.build as build_commands
from pipeline import ingest
from pipeline.cli.notes import notes
from pipeline.cli.show import say_json
from pipeline.errors import DataError
from pipeline.graph import order
from pipeline.ingest import store
from pipeline.ingest.endings import format_of
from pipeline.ingest.files import find_files, is_utf8
from pipeline.paths import behind_edge, behind_node, behind_step
from pipeline.project import load_project
from pipeline.sniff import propose
from pipeline.warehouse import building

from .commands import asked, exit_of, refused, told
from .conftest import Build, toml
from .parts import QUESTIONS

ROWS = [("u1", "2026-01-01 10:00:00", "Awareness"), ("u1", "2026-01-02 10:00:00", "Loyalty")]


@pytest.mark.tables("journeys")
def test_parts_that_other_code_has_made_are_made_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told("run", "-p", project, "--no-report")
    parts = project / ".squiggle" / "parts"
    (before,) = parts.iterdir()
    monkeypatch.setattr(store, "reader", lambda: "another reader")
    told("run", "-p", project, "--no-report")
    (after,) = parts.iterdir()
    assert after.name != before.name


def test_a_name_that_is_no_text_is_told(project: Path) -> None:
    (project / "log.csv").rename(project / os.fsdecode(b"caf\xe9.csv"))
    with pytest.raises(DataError, match=r"the name of caf\\udce9.csv is no UTF-8; rename"):
        find_files(load_project(project))
    with pytest.raises(DataError, match="the name of the file is no UTF-8"):
        propose([project], project)
    assert not is_utf8(os.fsdecode(b"caf\xe9"))


def test_an_argument_that_is_no_text_is_one_message(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_of(monkeypatch, "why", "caf\udce9", "-p", str(project)) == 2
    assert "this is no UTF-8" in capsys.readouterr().err


def test_a_link_in_a_circle_is_told_like_any_that_leads_nowhere(project: Path) -> None:
    (project / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(DataError, match="mend or remove the link"):
        find_files(load_project(project))


@pytest.mark.tables("journeys")
def test_a_warehouse_behind_a_link_is_made_anew_there(project: Path) -> None:
    behind = project / "disk" / "there.duckdb"
    behind.parent.mkdir()
    warehouse = project / "journeys.duckdb"
    warehouse.replace(behind)
    warehouse.symlink_to(behind)
    before = behind.stat().st_mtime_ns
    told("run", "-p", project, "--no-report", "--anew")
    assert warehouse.is_symlink()
    assert behind.stat().st_mtime_ns > before
    assert sorted(path.name for path in behind.parent.iterdir()) == ["there.duckdb"]


def test_commands_write_over_no_project_of_another_and_no_export(project: Path) -> None:
    assert "another project here" in refused("sample", project)
    export = project / "log.csv"
    text = export.read_text()
    assert "a project file ends in .toml" in refused("init", project, "-o", export, "--force")
    assert export.read_text() == text


def test_an_export_that_goes_away_while_it_is_read_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        (project / "log.csv").unlink()
        raise FileNotFoundError("log.csv")

    monkeypatch.setattr(ingest, "_parts", fails)
    assert "log.csv: this file went away while it was read" in refused("run", "-p", project)


def test_who_stops_while_the_report_is_written_hears_what_is_new(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stops(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build_commands, "write_report", stops)
    assert exit_of(monkeypatch, "run", "-p", project) == 130
    assert "the warehouse is new, the report is not" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ask_commands, "load_models", full)
    assert exit_of(monkeypatch, "tables") == 1
    assert "the output cannot be written: No space left" in capsys.readouterr().err


def test_json_holds_nothing_that_a_terminal_obeys(project: Path) -> None:
    query = "select chr(155) || '31m' || chr(8238) as red"
    found = asked("sql", query, "-p", project, "--json").stdout
    assert "\\u009b31m\\u202e" in found
    assert json.loads(found) == [{"red": "\x9b31m\u202e"}]


def test_lengths_of_time_are_iso_in_json_and_money_keeps_its_cents(project: Path) -> None:
    query = "select interval 90 minutes as x, {'in': interval 90 minutes} as y"
    found = asked("sql", query, "-p", project, "--json").stdout
    assert json.loads(found) == [{"x": "P0DT1H30M0S", "y": {"in": "P0DT1H30M0S"}}]
    money = "select cast(269.95 as decimal(18, 2)) as x"
    assert told("sql", money, "-p", project).split() == ["x", "269.95"]


def test_json_to_a_closed_output_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    say_json({"nobody": "reads it"})


def test_a_build_keeps_no_log_beside_its_file(tmp_path: Path) -> None:
    with building(tmp_path / "journeys.duckdb") as built:
        built.execute("create table ones as select 1 as one")
        assert {path.suffix for path in tmp_path.iterdir()} == {".part"}


def test_a_moment_that_is_the_same_in_every_row_is_not_that_of_the_events(tmp_path: Path) -> None:
    rows = [f"{n},c{n},2025-01-01 00:00:00,2025-02-{n + 1:02} 10:00:00+01,view" for n in range(24)]
    export = tmp_path / "events.csv"
    export.write_text("\n".join(["id,customer_id,created_at,viewed_at,event", *rows]) + "\n")
    assert format_of(export) == "csv"
    text = propose([export], tmp_path)
    assert 'occurred_at = "viewed_at"' in text
    assert "carry no zone" not in text, "PostgreSQL writes a zone with two digits"


@pytest.mark.tables(*QUESTIONS)
def test_a_fold_of_nodes_is_no_node_to_ask_for(build: Build) -> None:
    built = build(ROWS, toml())
    for node in ("(other)", "(more)", "(end)"):
        with pytest.raises(DataError, match="there is no such touchpoint"):
            behind_node(built, node)
        with pytest.raises(DataError, match="there is no such touchpoint"):
            behind_edge(built, node, "Loyalty")
    with pytest.raises(DataError, match="there is no such touchpoint"):
        behind_step(built, 1, "(other)")
    assert len(behind_node(built, "(exit)").units(built)) == 1


def test_heights_of_very_many_nodes_are_those_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = order.csr_array(
        [[0.0, 5, 1, 0], [2, 0, 4, 0], [0, 1, 0, 3], [1, 0, 0, 0]], dtype=float
    )
    direct = order.heights(weights)
    monkeypatch.setattr(order, "DIRECT_NODES", 1)
    assert order.heights(weights) == pytest.approx(direct, abs=1e-9)
    monkeypatch.setattr(order, "cg", lambda matrix, right, **_: (0 * right, 1))
    assert order.heights(weights) == pytest.approx(direct, abs=1e-9), "not found that way"


@pytest.mark.tables("quality_register")
def test_events_that_no_journey_sees_are_told_of_each_source(build: Build) -> None:
    rows = [
        *ROWS,
        ("", "2026-01-01 10:00:00", "Awareness"),
        ("u2", "2026-03-01 10:00:00", "Loyalty"),
    ]
    noted = notes(build(rows, toml(extra='as_of = "2026-02-01"')))
    assert any("1 of 4 events lie after the as-of moment, 2026-02-01 00:00 UTC" in n for n in noted)
    assert any("1 of 4 events carry no id of a customer" in n for n in noted)
