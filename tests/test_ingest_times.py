"""Times: found for a column over all its files, never row by row; doubtful local times counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DataError
from pipeline.ingest.clock import fast_times
from pipeline.ingest.zones import clock_changes
from pipeline.warehouse import scratch

from .test_ingest_corpus import accepted, ingested


def written(folder: Path, name: str, *times: str) -> None:
    """A CSV file of one event at each time."""
    lines = "".join(f'"u{number}","{time}",x\n' for number, time in enumerate(times))
    (folder / name).write_text("who,at,what\n" + lines, encoding="utf-8")


def read(folder: Path, *times: str, **source: Any) -> list[str | None]:
    """What became of the times of one file, in UTC, as ISO text; None: rejected."""
    written(folder, "log.csv", *times)
    [part] = ingested(folder, {"files": "log.csv"} | source)
    found = {row["row_no"]: row["occurred_us"] for row in accepted(part)}
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return [
        (start + timedelta(microseconds=found[number])).isoformat()[:-6]
        if number in found
        else None
        for number in range(1, len(times) + 1)
    ]


def test_offsets_may_differ_from_record_to_record(tmp_path: Path) -> None:
    times = ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00+05:30", "2026-07-01 12:00:00-0100",
             "2026-07-01 12:00:00", "2026-07-01")  # fmt: skip
    assert read(tmp_path, *times, timezone="Europe/Madrid") == [
        "2026-07-01T12:00:00",
        "2026-07-01T06:30:00",
        "2026-07-01T13:00:00",
        "2026-07-01T10:00:00",
        "2026-06-30T22:00:00",
    ]


def test_midnight_may_be_written_as_24(tmp_path: Path) -> None:
    assert read(tmp_path, "2026-01-31 24:00:00") == ["2026-02-01T00:00:00"]


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
def test_epochs_are_told_apart_by_their_size(tmp_path: Path, unit: int) -> None:
    assert read(tmp_path, str(1767225600 * unit)) == ["2026-01-01T00:00:00"]


def test_day_and_month_are_told_apart_by_another_file(tmp_path: Path) -> None:
    written(tmp_path, "1.csv", "01/02/2026")
    written(tmp_path, "2.csv", "13/02/2026")
    parts = ingested(tmp_path, {"files": "*.csv"})
    assert [part.entry.time_format for part in parts] == ["%d/%m/%Y"] * 2


def test_day_and_month_that_cannot_be_told_apart_are_an_error_with_examples(tmp_path: Path) -> None:
    written(tmp_path, "log.csv", "01/02/2026", "03/04/2026")
    told = r"(?s)'01/02/2026'.*set time_format = '%d/%m/%Y' or '%m/%d/%Y'"
    with pytest.raises(DataError, match=told):
        ingested(tmp_path, {"files": "log.csv"})
    [part] = ingested(tmp_path, {"files": "log.csv", "time_format": "%m/%d/%Y"})
    assert part.entry.rows_accepted == 2


def test_files_that_contradict_each_other_are_an_error(tmp_path: Path) -> None:
    written(tmp_path, "1.csv", "13/02/2026")
    written(tmp_path, "2.csv", "02/13/2026")
    with pytest.raises(DataError, match="no known way of writing times fits all values"):
        ingested(tmp_path, {"files": "*.csv"})


def test_local_times_that_never_were_or_were_twice_are_counted(tmp_path: Path) -> None:
    times = ("2026-03-29 01:59:59", "2026-03-29 02:00:00", "2026-03-29 02:59:59",
             "2026-03-29 03:00:00", "2026-10-25 02:30:00", "2026-10-25 02:30:00Z")  # fmt: skip
    written(tmp_path, "log.csv", *times)
    [part] = ingested(tmp_path, {"files": "log.csv", "timezone": "Europe/Madrid"})
    assert (part.entry.dst_gap_rows, part.entry.dst_overlap_rows) == (2, 1)
    [part] = ingested(tmp_path, {"files": "log.csv", "timezone": "UTC"})
    assert (part.entry.dst_gap_rows, part.entry.dst_overlap_rows) == (0, 0)


def test_clock_changes_of_half_an_hour_are_known() -> None:
    gaps, overlaps = clock_changes("Australia/Lord_Howe", 2026, 2026)
    assert [(high - low) // 60_000_000 for low, high in (*gaps, *overlaps)] == [30, 30]
    assert clock_changes("Asia/Tokyo", 2000, 2030) == ([], [])


def test_times_outside_the_plausible_window_are_rejected_with_their_value(tmp_path: Path) -> None:
    written(tmp_path, "log.csv", "1970-01-01", "2026-01-01", "2026-06-01")
    window = {"plausible_from": "2020-01-01", "plausible_to": "2026-03-01"}
    [part] = ingested(tmp_path, {"files": "log.csv"}, **window)
    assert [row["row_no"] for row in accepted(part)] == [2]


moments = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31))
shapes = st.sampled_from(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f",
                          "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H", "%Y%m%d",
                          "%Y-%m-%d %H%M%S", "%Y-%m-%d %H%M%S.%f", "%Y-%m-%dT%H%MZ"])  # fmt: skip


@given(st.lists(moments, min_size=1, max_size=5), st.lists(shapes, min_size=1, max_size=2))
def test_the_fast_way_and_the_slow_way_read_the_same(
    drawn: list[datetime], written_as: list[str]
) -> None:
    from pipeline.ingest.times import text_moment

    texts = [one.strftime(written_as[no % len(written_as)]) for no, one in enumerate(drawn)]
    local, utc = fast_times(pa.array(texts))
    slow = text_moment("its_time", "iso", "UTC")
    with scratch() as desk:
        desk.register("texts", pa.table({"its_time": texts, "no": range(len(texts))}))
        rows = desk.rows(
            f"select {slow.local} as local_us, {slow.utc} as utc_us from texts order by no"
        )
    for fast_local, fast_utc, (slow_local, slow_utc) in zip(
        local.to_pylist(), utc.to_pylist(), rows, strict=True
    ):
        if fast_local is not None:
            assert (fast_local, fast_local) == (slow_local, slow_utc)
        if fast_utc is not None:
            assert (None, fast_utc) == (slow_local, slow_utc)
