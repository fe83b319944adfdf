"""What a run writes itself: never read as an export, and never written over what is not its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import DataError, ProjectError
from pipeline.project import load_project
from pipeline.run import run
from pipeline.temporary import temporary_folder
from pipeline.warehouse import beside, building

from .commands import exit_of, told
from .conftest import FIVE, toml, write_csv

pytestmark = pytest.mark.tables("customers", "rejected_rows")
HEADER = ("who", "at", "what")
ROWS = [(who, "2026-01-01 10:00:00", FIVE[0]) for who in ("ann", "bob")]


def laid(folder: Path, project: str) -> Path:
    write_csv(folder / "log.csv", HEADER, ROWS)
    (folder / "squiggle.toml").write_text(project, encoding="utf-8")
    return folder


@pytest.mark.parametrize("files", [".", "**/*.csv*", "*.csv", "log.csv"])
@pytest.mark.parametrize("store", [".squiggle", "kept"])
def test_a_run_reads_the_same_exports_again_and_nothing_that_it_wrote(
    files: str, store: str, tmp_path: Path
) -> None:
    project = toml(files=files, extra=f'store = "{store}"\nreport = "kept.csv.html"')
    laid(tmp_path, project)
    made = [run(load_project(tmp_path)).rows_read for _ in range(3)]
    assert made == [2, 2, 2]


@pytest.mark.tables()
def test_nor_does_a_check_read_the_store_that_it_works_beside(tmp_path: Path) -> None:
    run(load_project(laid(tmp_path, toml(files=".", extra='store = "kept"'))))
    assert len(json.loads(told("check", "--json", "-p", tmp_path))["files"]) == 1


@pytest.mark.parametrize(
    ("files", "read"), [(".", 2), ("**/*.csv", 2), (".old/*.csv", 1), ("./.old/log.csv", 1)]
)
def test_hidden_files_and_tables_beside_the_warehouse_are_no_exports(
    files: str, read: int, tmp_path: Path
) -> None:
    laid(tmp_path, toml(files=files))
    for folder in (".old", "journeys.tables"):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / "log.csv", HEADER, [("eve", "2026-01-02", FIVE[1])])
    assert run(load_project(tmp_path)).rows_read == read


@pytest.mark.parametrize("stage", ["open", "build"])
def test_a_disk_that_fails_is_one_message(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise (duckdb.IOException if stage == "open" else duckdb.FatalException)("No space left")

    place = "connected" if stage == "open" else "_settle"
    monkeypatch.setattr(beside, place, fails)
    told = r"journeys\.duckdb: cannot be written: No space left"
    with pytest.raises(DataError, match=told), building(tmp_path / "journeys.duckdb"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["warehouse", "report"])
def test_an_export_is_never_written_over(key: str, tmp_path: Path) -> None:
    laid(tmp_path, toml(extra=f'{key} = "log.csv"'))
    before = (tmp_path / "log.csv").read_bytes()
    with pytest.raises(DataError, match=f"{key} = 'log.csv' is an export and would be overwritten"):
        run(load_project(tmp_path))
    assert (tmp_path / "log.csv").read_bytes() == before


@pytest.mark.parametrize("key", ["store", "warehouse", "report"])
@pytest.mark.parametrize("name", ["squiggle.toml", "sub/../squiggle.toml"])
def test_nor_is_the_project_file(key: str, name: str, tmp_path: Path) -> None:
    laid(tmp_path, toml(extra=f'{key} = "{name}"'))
    with pytest.raises(ProjectError, match=f"{key} is this very file"):
        load_project(tmp_path)


@pytest.mark.parametrize("key", ["store", "warehouse", "report"])
def test_a_place_without_a_name_is_refused(key: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=f"{key}: this is empty; fill it in"):
        load_project(laid(tmp_path, toml(extra=f'{key} = ""')))


ENDED = """
import importlib, os, signal, sys
from pathlib import Path
from pipeline.cli import main

ran = importlib.import_module("pipeline.run")
build, ending, room = ran._build, signal.Signals(int(sys.argv.pop(1))), Path(os.environ["TMPDIR"])

def ended(*arguments, **options):
    assert list(room.rglob("events.parquet")), "there is no copy yet"
    os.kill(os.getpid(), ending)
    return build(*arguments, **options)

ran._build = ended
signal.signal(signal.SIGINT, signal.default_int_handler)  # as on a terminal, however this was begun
signal.signal(signal.SIGHUP, signal.SIG_DFL)
main()
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_check_that_is_ended_leaves_no_copy_of_the_exports(
    ending: signal.Signals, tmp_path: Path
) -> None:
    """Raw ids would stay in the folder for temporary files, where no run ever looks."""
    folder, room = tmp_path / "project", tmp_path / "temporary"
    folder.mkdir()
    room.mkdir()
    laid(folder, toml())
    begun = subprocess.run(
        [sys.executable, "-c", ENDED, str(int(ending)), "check", "-p", str(folder)],
        env={**os.environ, "TMPDIR": str(room)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (begun.returncode, begun.stderr.count(b"Traceback")) == (130, 0), begun.stderr
    assert list(room.rglob("*.parquet")) == []


def test_what_nohup_has_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert exit_of(monkeypatch, "--version") == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_a_killed_command_left_the_next_one_clears_and_nothing_of_one_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with temporary_folder("check") as at_work:
        names = ("squiggle-check-12345678", "squiggle-sweep-12345678", "squiggle-shop")
        killed, begun, strange = (tmp_path / name for name in names)
        for left in (killed, begun, strange):
            left.mkdir()
            (left / "events.parquet").touch()
            if left != begun:
                (left / ".squiggle-lock").touch()
        with temporary_folder("check") as mine:
            assert {at_work, begun, strange, mine} == set(tmp_path.iterdir())
        with temporary_folder("sweep"):
            assert at_work.is_dir()
    assert {begun, strange} == set(tmp_path.iterdir())
