"""Killed, locked out, or out of space: the previous warehouse stays, and the next run is right."""

from __future__ import annotations

import filecmp
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.ingest.store import locked
from pipeline.models import load_models
from pipeline.project import load_project
from pipeline.run import run

from .conftest import ROOT
from .test_ingest_again import HEADER, drawn, ran, said, settled, write_csv

COMMAND = [sys.executable, "-m", "pipeline", "run", "--no-report"]


def started(folder: Path, *, threads: int = 1, **options: object) -> subprocess.Popen[str]:
    """A run in a process of its own."""
    return subprocess.Popen(
        [*COMMAND, "--threads", str(threads), "-p", str(folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def prepared(folder: Path) -> dict[str, str]:
    """A project with a warehouse and new files to load: what it says after them."""
    after = settled(folder.with_name("after"))
    settled(folder)
    for place in (folder, after):
        write_csv(place / "1.csv", HEADER, drawn(300))
    with started(folder) as process:
        assert process.wait() == 0
    for place in (folder, after):
        write_csv(place / "2.csv", HEADER, drawn(1_000, seed=2))
        write_csv(place / "3.csv", HEADER, drawn(900, seed=3))
    started_at = time.monotonic()
    with started(after) as process:
        assert process.wait() == 0
    (folder.with_name("seconds")).write_text(str(time.monotonic() - started_at), encoding="utf-8")
    return said(after)


def killed_again_and_again(tmp_path: Path, kills: int, *, seed: int = 0, threads: int = 1) -> None:
    """Kill runs at random moments; look at the warehouse after each, and at the end."""
    folder = tmp_path / "log"
    after = prepared(folder)
    seconds = float((tmp_path / "seconds").read_text(encoding="utf-8"))
    fresh = tmp_path / "fresh"
    shutil.copytree(folder, fresh)
    chance = random.Random(seed)
    landed = 0
    while landed < kills:
        process = started(folder, threads=threads)
        # Early moments, while files are loaded, more often than late ones.
        time.sleep((0.15 + 0.85 * chance.random() ** 2) * seconds)
        process.kill()
        with process:
            landed += process.wait() != 0
        is_old = filecmp.cmp(folder / "journeys.duckdb", fresh / "journeys.duckdb", shallow=False)
        if not is_old:
            assert said(folder) == after, "the old warehouse or the new one, never half of one"
        # A run that has nothing left to do would end before it is killed.
        if not is_old or chance.random() < 0.2:
            shutil.rmtree(folder)
            shutil.copytree(fresh, folder)
    with started(folder) as process:
        assert process.wait() == 0
    assert said(folder) == after
    left = {path.name for path in folder.iterdir()}
    assert left == {"1.csv", "2.csv", "3.csv", "squiggle.toml", ".squiggle", "journeys.duckdb"}
    assert not (folder / ".squiggle" / "making").exists()


def test_a_run_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, 2)


@pytest.mark.soak
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_may_be_killed_two_hundred_times(tmp_path: Path, seed: int, threads: int) -> None:
    killed_again_and_again(tmp_path, 50, seed=seed, threads=threads)


def test_of_two_runs_at_once_the_second_says_so_and_stops(tmp_path: Path) -> None:
    folder = settled(tmp_path / "log")
    write_csv(folder / "1.csv", HEADER, drawn(50))
    with locked(folder / ".squiggle"):
        second = started(folder)
        _, told = second.communicate()
    assert second.returncode == 1
    assert "another run (process" in told and "Traceback" not in told
    assert ran(folder).rows_loaded == 50


@pytest.mark.tables("customers")
@pytest.mark.parametrize(
    "most", [2_000, *(pytest.param(one, marks=pytest.mark.soak) for one in (60_000, 1_000_000))]
)
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, most: int) -> None:
    folder = settled(tmp_path / "log")
    write_csv(folder / "1.csv", HEADER, drawn(50))
    ran(folder)
    before = (folder / "journeys.duckdb").read_bytes()
    rows = [(who, at, what, f"{name}-{'x' * 40}-{name}") for who, at, what, name in drawn(9_000)]
    write_csv(folder / "2.csv", HEADER, rows)
    process = started(
        folder, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    )
    _, told = process.communicate()
    assert process.returncode == 1, told
    assert "Traceback" not in told and "cannot be written" in told.replace("\n", " ")
    assert (folder / "journeys.duckdb").read_bytes() == before
    assert ran(folder).rows_read == 9_050


def test_a_write_that_fails_in_the_middle_leaves_no_half_of_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settled(tmp_path / "log")
    write_csv(folder / "1.csv", HEADER, drawn(50))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.ingest.store.os.fsync", full)
        with pytest.raises(DataError, match="No space left on device; free space and run again"):
            run(load_project(folder))
    assert not list((folder / ".squiggle").glob("parts/*"))
    assert ran(folder).rows_loaded == 50


def test_too_little_memory_is_told_with_the_table_that_needs_more(tmp_path: Path) -> None:
    folder = settled(tmp_path / "log")
    write_csv(folder / "1.csv", HEADER, drawn(9_000))
    ran(folder)
    before = (folder / "journeys.duckdb").read_bytes()
    told = r"journeys\.duckdb: at \w+, the memory limit is too small .* raise --memory"
    with pytest.raises(DataError, match=told) as caught:
        run(load_project(folder), memory="1MB", anew=True)
    tables = {model.name for model in load_models()}
    assert re.search(r"at (\w+),", str(caught.value))[1] in tables  # type: ignore[index]
    assert (folder / "journeys.duckdb").read_bytes() == before
