"""One file loaded into the store: typed, and every record of it accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DataError
from ..warehouse import Warehouse, literal, scratch
from .look import Looked, is_readable, kind_of, open_rows
from .records import Records
from .store import Entry
from .typed import typed_select

_REJECTS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("reason", pa.string()),
        ("column_name", pa.string()),
        ("bad_value", pa.string()),
        ("raw", pa.string()),
    ]
)
# Dictionaries beyond a few thousand values and Bloom filters cost time and save nothing.
_PARQUET = (
    "(format parquet, compression zstd, compression_level 1, row_group_size 122880, "
    "dictionary_size_limit 5000, write_bloom_filter false)"
)


class HowRead(TypedDict):
    """What decides, besides the source's own settings, how a file is read."""

    time_format: str
    zone: str
    plausible: tuple[int, int]
    keep: Sequence[str]


@dataclass(frozen=True)
class Waiting:
    """A file that waits to be loaded, and how it is to be read."""

    looked: Looked
    how: HowRead

    @property
    def address(self) -> str | None:
        """Where the file is, if only an engine can reach it."""
        return self.looked.address

    def at(self, path: Path) -> Waiting:
        """Return the same with the file's bytes at a path."""
        return replace(self, looked=self.looked.at(path))


def load_apart(
    making: Path,
    given: Waiting,
    *,
    memory: str | None,
    threads: int | None,
) -> tuple[Entry, Path]:
    """Load a file into a room of its own below `making`; return its entry and the room.

    Whoever loads the same file at the same time, or did so before and died, is in another room.
    """
    room = making / uuid4().hex / "part"
    room.mkdir(parents=True)
    return load(given.looked, room, memory=memory, threads=threads, **given.how), room


class _Stumbled(Exception):
    """The parser lost its way in a file: it must be split line by line."""


def load(
    one: Looked,
    room: Path,
    *,
    memory: str | None,
    threads: int | None,
    **how: Unpack[HowRead],
) -> Entry:
    """Write `events.parquet` and `rejects.parquet` of a file into the room, and return its entry.

    A file that cannot be read has no events and says why; part of it is never loaded.
    """
    time_format = how["time_format"]
    if one.profile.fault is not None:
        return _nothing(one, room, time_format, one.profile.fault)
    if not one.columns and one.file.format != "jsonl":
        return _nothing(one, room, time_format, None)
    while True:
        with scratch(memory=memory, threads=threads, folder=room.parent / "spill") as desk:
            try:
                records = open_rows(desk, one, time_format)
            except duckdb.Error as error:  # a footer that Arrow reads, and DuckDB does not
                return _nothing(one, room, time_format, f"its data are damaged ({kind_of(error)})")
            select = typed_select(one.file, records, **how)
            try:
                desk.execute(
                    f"copy ({select}) to {literal(str(room / 'events.parquet'))} {_PARQUET}"
                )
                return _account(desk, one, records, room, time_format)
            except (duckdb.Error, _Stumbled) as error:
                if one.file.format == "parquet" and (fault := is_readable(one)):
                    return _nothing(one, room, time_format, f"its data are damaged ({fault})")
                stumbled = records.fault is not None or isinstance(error, _Stumbled)
                if stumbled and one.profile.is_orderly and one.file.format != "parquet":
                    one = replace(one, profile=replace(one.profile, is_orderly=False))
                elif records.fault is not None:
                    raise DataError(f"{one.file.name}: cannot be read: {records.fault}") from error
                elif isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
                    raise
                elif isinstance(error, duckdb.Error) and one.file.format == "parquet":
                    told = kind_of(error)
                    return _nothing(one, room, time_format, f"a value cannot be read ({told})")
                else:
                    raise


def _nothing(one: Looked, room: Path, time_format: str, fault: str | None) -> Entry:
    """A part without events, for an empty file or one that cannot be read at all."""
    (room / "events.parquet").unlink(missing_ok=True)
    rows = [[0], ["unreadable_file"], [None], [None], [fault]] if fault else [[]] * 5
    arrays = [pa.array(column, kind.type) for column, kind in zip(rows, _REJECTS, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=_REJECTS), room / "rejects.parquet")
    return Entry(
        name=one.file.name,
        content_hash=one.profile.content_hash,
        bytes=one.profile.bytes,
        time_format=time_format,
        rows_read=0,
        rows_accepted=0,
        rows_rejected=0,
        first_us=None,
        last_us=None,
        dst_gap_rows=0,
        dst_overlap_rows=0,
        fault=fault,
    )


def _account(desk: Warehouse, one: Looked, records: Records, room: Path, time_format: str) -> Entry:
    """Count what became of the records and hold it against the count of the bytes."""
    events = f"read_parquet({literal(str(room / 'events.parquet'))})"
    total, rejected, first_us, last_us, gap_rows, overlap_rows = desk.rows(
        "select count(*), count(reason), min(occurred_us) filter (reason is null), "
        "max(occurred_us) filter (reason is null), "
        "count(*) filter (reason is null and clock_doubt = 1), "
        f"count(*) filter (reason is null and clock_doubt = 2) from {events}"
    )[0]
    made = total + len(records.broken)
    if not one.profile.is_orderly:
        expected, counted, what = one.profile.lines, records.lines, "lines"
    else:
        above = one.head.records if one.head else 0
        expected, counted, what = one.profile.records - above, made, "records"
    if expected != counted and one.profile.is_orderly and one.file.format != "parquet":
        raise _Stumbled
    if expected != counted:
        raise DataError(
            f"{one.file.name}: the file holds {expected:,} {what}, but {counted:,} of them were "
            "read; the file may have changed meanwhile: run again, or report it as our fault"
        )
    broken = records.broken
    listed = [
        [record.row_no for record in broken],
        [record.reason for record in broken],
        [None] * len(broken),
        [None] * len(broken),
        [record.raw for record in broken],
    ]
    arrays = [pa.array(column, kind.type) for column, kind in zip(listed, _REJECTS, strict=True)]
    desk.register("broken_rows", pa.Table.from_arrays(arrays, schema=_REJECTS))
    names = ", ".join(_REJECTS.names)
    desk.execute(
        f"copy (select {names} from {events} where reason is not null union all "
        f"select {names} from broken_rows order by row_no, reason) "
        f"to {literal(str(room / 'rejects.parquet'))} (format parquet, compression zstd)"
    )
    return Entry(
        name=one.file.name,
        content_hash=one.profile.content_hash,
        bytes=one.profile.bytes,
        time_format=time_format,
        rows_read=made,
        rows_accepted=total - rejected,
        rows_rejected=rejected + len(broken),
        first_us=first_us,
        last_us=last_us,
        dst_gap_rows=gap_rows,
        dst_overlap_rows=overlap_rows,
        fault=None,
    )
