"""The same events give the same tables: row order, file split, threads and TZ change nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.project import load_project
from pipeline.run import run
from pipeline.warehouse import open_warehouse

from .conftest import FIVE, Build, toml, write_csv
from .content import contents
from .drawing import examples

Row = tuple[str, str, str, str, str]
HEADER = ("who", "device", "at", "what", "n")
COLUMNS = (
    'user_id = "who"\ndevice_id = "device"\noccurred_at = "at"\nevent = "what"\nsequence = "n"\n'
    'channel = "device"'
)
PROJECT = toml(columns=COLUMNS, map_extra='silence = "3 d"\nwithin = "2 d"')
START = datetime(2026, 3, 1)


def drawn(chance: random.Random) -> list[Row]:
    """Forty events of few people on few devices, with ties that a sequence column breaks."""
    return [
        (
            chance.choice(["ann", "bob", "cid", ""]),
            chance.choice(["d1", "d2", "d3", ""]),
            (START + timedelta(hours=chance.randrange(24 * 14))).isoformat() + "Z",
            chance.choice([*FIVE, "other"]),
            str(number),
        )
        for number in range(40)
    ]


def tables(folder: Path, parts: Sequence[Sequence[Row]], **options: int) -> dict[str, str]:
    folder.mkdir(parents=True)
    for number, part in enumerate(parts):
        write_csv(folder / f"part{number}.csv", HEADER, part)
    (folder / "squiggle.toml").write_text(PROJECT, encoding="utf-8")
    made = run(load_project(folder), **options)
    with open_warehouse(made.warehouse) as built:
        return contents(built)


@examples(1)
@given(seed=st.integers(0, 10_000))
def test_row_order_and_file_split_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    rows = drawn(chance)
    folder = tmp_path_factory.mktemp("split")
    whole = tables(folder / "whole", [rows], threads=2)
    shuffled = chance.sample(rows, len(rows))
    cut = chance.randrange(len(rows))
    split = tables(folder / "split", [shuffled[:cut], shuffled[cut:]], threads=1)
    assert split == whole


def test_threads_and_the_machines_time_zone_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (
            f"c{n % 7}",
            f"d{n % 3}",
            (START + timedelta(hours=5 * n)).isoformat() + "Z",
            FIVE[n % 5],
            str(n),
        )
        for n in range(60)
    ]
    here = tables(tmp_path / "here", [rows], threads=2)
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        there = tables(tmp_path / "there", [rows], threads=1)
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert there == here


def test_the_same_run_again_gives_the_same_tables_and_reads_nothing_twice(
    build: Build, tmp_path: Path
) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    write_csv(folder / "log.csv", HEADER, [("a", "d", "2026-03-01T10:00:00Z", FIVE[0], "1")])
    first = contents(build.in_folder(folder, PROJECT), with_lineage=True)  # type: ignore[attr-defined]
    part = next((folder / ".squiggle" / "parts").iterdir())
    stamp = (part / "events.parquet").stat().st_mtime_ns
    second = contents(build.in_folder(folder, PROJECT), with_lineage=True)  # type: ignore[attr-defined]
    assert second == first
    assert (part / "events.parquet").stat().st_mtime_ns == stamp


@pytest.mark.soak
def test_a_time_shift_moves_the_journeys_and_changes_no_figure(build: Build) -> None:
    def figures(days: int) -> list[tuple[object, ...]]:
        rows = [
            (
                f"c{n % 5}",
                (START + timedelta(days=days, hours=7 * n)).isoformat() + "Z",
                FIVE[n * n % 5],
            )
            for n in range(40)
        ]
        built = build(rows, toml(map_extra='silence = "2 d"'))
        return built.rows("from stage_dropoff") + built.rows("from squiggle_summary")

    assert figures(0) == figures(97)
