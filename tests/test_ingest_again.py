"""Running again: nothing is read twice, rewritten files replace, overlaps count once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.project import load_project
from pipeline.run import Result, run
from pipeline.warehouse import open_warehouse

from .conftest import FIVE, toml, write_csv
from .content import contents
from .parts import models_of

TABLES = ("events", "input_files", "rejected_rows", "journeys", "stage_dropoff")
pytestmark = pytest.mark.tables(*TABLES)

COUNT_RECORDS = {
    *("source_quality", "column_quality", "quality_register", "run_info"),
    *("quality_effects", "touched_journeys"),
}
"""Tables that count records as they came, repeated ones included."""
HEADER = ("who", "at", "what", "id")
COLUMNS = 'user_id = "who"\noccurred_at = "at"\nevent = "what"\nevent_id = "id"'


def drawn(count: int, seed: int = 1) -> list[tuple[str, str, str, str]]:
    """Events of a few customers, each with an id."""
    chance = random.Random(seed)
    return [
        (
            f"u{chance.randrange(9)}",
            f"2026-{chance.randrange(1, 4):02}-{chance.randrange(1, 29):02} 10:{number % 60:02}:00",
            chance.choice(FIVE),
            f"e{number}",
        )
        for number in range(count)
    ]


def settled(folder: Path, *, columns: str = COLUMNS, extra: str = "") -> Path:
    """A folder with a project file for all CSV files in it."""
    folder.mkdir(exist_ok=True)
    text = toml(columns=columns, extra=extra)
    (folder / "squiggle.toml").write_text(text, encoding="utf-8")
    return folder


def ran(folder: Path) -> Result:
    return run(load_project(folder))


def said(folder: Path, *tables: str) -> dict[str, str]:
    """A hash over each table of the warehouse, or of these; none over those that tell of files."""
    with open_warehouse(folder / "journeys.duckdb") as built:
        return contents(built, models=models_of(tables) if tables else None)


def parts_of(folder: Path) -> dict[str, int]:
    """The store's parts and when each was made."""
    return {one.name: one.stat().st_mtime_ns for one in (folder / ".squiggle" / "parts").iterdir()}


def test_the_same_content_is_read_once_even_under_another_name(tmp_path: Path) -> None:
    folder = settled(tmp_path / "a")
    write_csv(folder / "1.csv", HEADER, drawn(50))
    ran(folder)
    before = parts_of(folder)
    (folder / "1.csv").rename(folder / "renamed.csv")
    ran(folder)
    assert parts_of(folder) == before


def test_a_rewritten_file_replaces_its_older_version(tmp_path: Path) -> None:
    folder = settled(tmp_path / "a")
    write_csv(folder / "1.csv", HEADER, drawn(50))
    ran(folder)
    write_csv(folder / "1.csv", HEADER, drawn(60, seed=2))
    assert ran(folder).rows_loaded == 60
    other = settled(tmp_path / "b")
    write_csv(other / "1.csv", HEADER, drawn(60, seed=2))
    ran(other)
    assert said(folder, *TABLES) == said(other, *TABLES)
    assert len(parts_of(folder)) == 1, "the older part is gone"


@pytest.mark.tables()
@pytest.mark.soak
def test_batches_in_any_order_give_the_tables_of_one_run(tmp_path: Path) -> None:
    rows = drawn(120)
    whole = settled(tmp_path / "whole")
    write_csv(whole / "all.csv", HEADER, rows)
    ran(whole)
    batched = settled(tmp_path / "batched")
    for number in (3, 0, 2, 1):
        overlapping = rows[number * 30 : number * 30 + 40]
        write_csv(batched / f"{number}.csv", HEADER, overlapping)
        made = ran(batched)
    assert (made.rows_read, made.rows_loaded, made.rows_duplicate) == (150, 120, 30)
    one, many = said(whole), said(batched)
    assert {name for name in one if one[name] != many[name]} <= COUNT_RECORDS


def test_another_mapping_reads_the_files_again(tmp_path: Path) -> None:
    folder = settled(tmp_path / "a")
    write_csv(folder / "1.csv", HEADER, drawn(50))
    ran(folder)
    before = parts_of(folder)
    settled(folder, columns=COLUMNS.replace('user_id = "who"', 'device_id = "who"'))
    ran(folder)
    assert not parts_of(folder).keys() & before.keys()


def test_a_part_that_lost_its_events_is_made_again(tmp_path: Path) -> None:
    folder = settled(tmp_path / "a")
    write_csv(folder / "1.csv", HEADER, drawn(50))
    ran(folder)
    for events in (folder / ".squiggle" / "parts").glob("*/events.parquet"):
        events.unlink()
    assert ran(folder).rows_loaded == 50


def test_too_many_rejected_records_fail_the_run_and_change_nothing(tmp_path: Path) -> None:
    folder = settled(tmp_path / "a")
    write_csv(folder / "1.csv", HEADER, drawn(50))
    ran(folder)
    before = said(folder, *TABLES)
    broken = [(who, "soon", what, name) for who, _, what, name in drawn(6, seed=3)]
    write_csv(folder / "2.csv", HEADER, broken)
    told = r"6 of 56 records \(11%\) would be rejected: time_unparsable \(occurred_at\), .*'soon'"
    with pytest.raises(DataError, match=told):
        ran(folder)
    assert said(folder, *TABLES) == before
    settled(folder, extra="max_rejected = 0.2")
    assert ran(folder).rows_rejected == 6


def test_a_few_rejected_records_of_a_small_source_are_let_pass(tmp_path: Path) -> None:
    folder = settled(tmp_path / "a")
    write_csv(folder / "1.csv", HEADER, [*drawn(4), ("u", "soon", "x", "e9")])
    assert ran(folder).rows_rejected == 1
    settled(folder, extra="max_rejected = 0")
    with pytest.raises(DataError, match="1 of 5 records"):
        ran(folder)


def test_a_file_that_cannot_be_read_counts_by_its_size(tmp_path: Path) -> None:
    folder = settled(tmp_path / "a")
    write_csv(folder / "1.csv", HEADER, drawn(500))
    (folder / "2.csv").write_bytes(b"\x1f\x8b\x08cut")
    made = ran(folder)
    assert made.rows_loaded == 500, "a small one is let pass, and told"
    with open_warehouse(made.warehouse) as built:
        faults = built.rows("select path, fault from input_files where fault is not null")
    assert [path for path, _ in faults] == ["2.csv"]
    (folder / "3.csv").write_bytes(b"\x1f\x8b\x08cut" + b"\0" * 9_000)
    with pytest.raises(DataError, match=r"(?s)2.csv: the archive is damaged.*3.csv"):
        ran(folder)


def test_files_of_the_same_content_keep_their_own_names(tmp_path: Path) -> None:
    folder = settled(tmp_path)
    rows = drawn(20)
    for name in ("a.csv", "b.csv"):
        write_csv(folder / name, HEADER, rows)
    assert ran(folder).rows_duplicate == 20
    (folder / "a.csv").rename(folder / "c.csv")
    ran(folder)
    with open_warehouse(folder / "journeys.duckdb") as built:
        named = built.rows("select path, rows_loaded from input_files order by path")
    assert named == [("b.csv", 20), ("c.csv", 0)]
