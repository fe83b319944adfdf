"""Exports as some systems write them: read as they are meant, or refused with a reason."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import DataError, ProjectError
from pipeline.project import load_project
from pipeline.run import run
from pipeline.sniff import propose
from pipeline.warehouse import open_warehouse

from .conftest import FIVE, Build, toml, warehouse_in, write_csv

pytestmark = pytest.mark.tables("events", "rejected_rows", "input_files")
HEADER = ("who", "at", "what")


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-05 10:00:00 -0500",
        "2026-01-05 10:00:00 -05:00",
        "2026-01-05T10:00:00.000 -05",
        "2026-01-05 15:00:00 Z",
        "2026-01-05 15:00:00 UTC",
        "2026-01-05 15:00:00,0 +0000",
    ],
)
def test_a_blank_before_the_offset_is_read(written: str, build: Build) -> None:
    """As shops write their orders; init called it iso, and every record was rejected."""
    found = build([("ann", f'"{written}"', FIVE[0])], toml(), header=HEADER)
    assert found.rows("select occurred_at from events") == [(datetime(2026, 1, 5, 15),)]


def test_the_same_cells_under_other_names_are_another_record(tmp_path: Path) -> None:
    row = ("ann", "2026-01-05 10:00:00", FIVE[0], "1")
    for name, column in (("1", "opened"), ("2", "clicked"), ("3", "clicked")):
        write_csv(tmp_path / f"{name}.csv", (*HEADER, column), [row])
    write_csv(tmp_path / "4.csv", ("clicked", *HEADER), [("1", *row[:3])])
    (tmp_path / "squiggle.toml").write_text(toml(), encoding="utf-8")
    made = run(load_project(tmp_path))
    assert (made.rows_loaded, made.rows_duplicate) == (2, 2)


@pytest.mark.parametrize("blank", ["\t", " \t ", "\u00a0", "\u200b", " ", "\x0b"])
def test_a_cell_of_white_space_is_empty(blank: str, build: Build) -> None:
    rows = [(blank, "2026-01-05 10:00:00", FIVE[0]), ("ann", "2026-01-05 10:00:00", blank)]
    rows += [("\tann ", "2026-01-05 10:00:00", FIVE[0])]
    built = build(rows, toml(extra="max_rejected = 1.0"), header=HEADER)
    assert built.rows("select reason from rejected_rows") == [("event_missing",)]
    assert built.rows("select count(*), count(distinct customer_id) from events") == [(1, 1)]
    assert built.rows("select value from identity_map") == [("ann",)]


@pytest.mark.parametrize("name", ["base64", "hex", "rot13", "idna", "punycode", "latin-9000"])
def test_what_is_no_encoding_of_text_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "squiggle.toml").write_text(toml(source_extra=f'encoding = "{name}"'))
    with pytest.raises(ProjectError, match=f"'{name}' is no encoding"):
        load_project(tmp_path)


@pytest.mark.parametrize(
    ("declared", "written"),
    [("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-8", "utf-16"), ("utf-8", "utf-32")],
)
def test_a_byte_order_mark_tells_the_encoding(declared: str, written: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(f"who,at,what\nannä,2026-01-05,{FIVE[0]}\n", encoding=written)
    project = toml(source_extra=f'encoding = "{declared}"')
    with warehouse_in(tmp_path, project) as built:
        assert built.rows("select value from identity_map") == [("annä",)]


def test_without_a_mark_the_order_of_bytes_has_to_be_said(tmp_path: Path) -> None:
    text = f"who,at,what\nann,2026-01-05,{FIVE[0]}\n"
    (tmp_path / "log.csv").write_text(text, encoding="utf-16-le")
    (tmp_path / "squiggle.toml").write_text(toml(source_extra='encoding = "utf-16"'))
    with pytest.raises(
        DataError, match=r"log\.csv: UTF-16 stream does not start with BOM; name the encoding"
    ):
        run(load_project(tmp_path))


@pytest.mark.parametrize("lines", [3, 199, 250, 5_000])
def test_a_long_text_in_quotes_is_one_cell(lines: int, tmp_path: Path) -> None:
    """As a help desk exports what its customers wrote."""
    note = "\n".join(f"line {n} of a letter" for n in range(lines))
    rows = [
        f'ann,2026-01-05 10:00:00,{FIVE[0]},"{note}"',
        f"bob,2026-01-05 11:00:00,{FIVE[0]},short",
    ]
    (tmp_path / "log.csv").write_text(
        "who,at,what,note\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    (tmp_path / "squiggle.toml").write_text(toml(source_extra='keep = ["note"]'), encoding="utf-8")
    made = run(load_project(tmp_path))
    assert (made.rows_read, made.rows_loaded, made.rows_rejected) == (2, 2, 0)


def test_where_nothing_can_be_loaded_the_reasons_are_told(build: Build) -> None:
    rows = [("ann", "yesterday", FIVE[0]), ("bob", "", FIVE[0])]
    project = toml(extra="max_rejected = 1.0", source_extra='time_format = "iso"')
    with pytest.raises(DataError) as told:
        build(rows, project, header=HEADER)
    assert "time_unparsable (occurred_at), for instance log.csv record 1 'yesterday'" in str(
        told.value
    )
    assert "time_missing (occurred_at), for instance log.csv record 2" in str(told.value)


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_a_time_beyond_all_calendars_costs_its_record_or_file_and_not_the_run(
    zone: str | None, tmp_path: Path
) -> None:
    kind = pa.timestamp("us", tz=zone)
    good = pa.array([1_767_600_000_000_000] * 40, pa.int64()).cast(kind)
    for name, last in (("good", 1_767_600_000_000_000), ("odd", -(2**63))):
        times = pa.chunked_array([good, pa.array([last], pa.int64()).cast(kind)])
        who, what = pa.array(["ann"] * 41), pa.array([FIVE[0]] * 41)
        pq.write_table(
            pa.table({"who": who, "at": times, "what": what}), tmp_path / f"{name}.parquet"
        )
    project = toml(files="*.parquet", extra="max_rejected = 1.0", source_extra='dedupe = "none"')
    (tmp_path / "squiggle.toml").write_text(project, encoding="utf-8")
    made = run(load_project(tmp_path))
    assert made.rows_loaded >= 41
    with open_warehouse(made.warehouse) as built:
        told = built.rows("select fault is null, rows_rejected from input_files order by path")
    assert told[0] == (True, 0)
    assert told[1] in [(True, 1), (False, 0)]


def test_a_time_that_python_has_no_name_for_keeps_nobody_from_proposing(tmp_path: Path) -> None:
    times = pa.array([1_767_600_000_000] * 100 + [253_402_300_800_000], pa.int64())
    table = {"user_id": pa.array(["ann"] * 101), "ts": times.cast(pa.timestamp("ms")),
             "event": pa.array([FIVE[0]] * 101)}  # fmt: skip
    pq.write_table(pa.table(table), tmp_path / "odd.parquet")
    write_csv(tmp_path / "log.csv", ("user_id", "ts", "event"), [("ann", "2026-01-05", FIVE[0])])
    assert "log.csv" in propose([tmp_path], tmp_path)
