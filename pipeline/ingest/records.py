"""Every format read as rows of raw text: `row_no` and one column per column of the export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from .clock import COLUMNS, fast_times
from .files import InputFile
from .header import Header, header
from .profile import Profile
from .splitter import Record, split_lines, split_records
from .streams import encoding_of, open_plain, open_utf8
from .unfolded import event_batches, unfold_of

_BLOCK = 8 << 20
_CELLS = 200_000
_SHOWN = 100_000
"""Letters of a broken record that are kept."""


@dataclass
class Broken:
    """A record that could not be cut into columns."""

    row_no: int
    reason: str
    raw: str


@dataclass
class Records:
    """A file's rows as raw text, to be read once.

    `columns` maps the export's column names to those of the rows; `batches` yields Arrow batches
    with `row_no` (1 is the first record below the header; blank lines are not counted) or is None
    where DuckDB reads the file itself. `broken` and `lines`, the lines read, fill up while the
    batches are read; `lines` stays 0 where the parser does not tell. `fault` is what stopped it.
    """

    columns: dict[str, str]
    types: dict[str, str]
    batches: pa.RecordBatchReader | None
    is_clean: bool = True
    broken: list[Broken] = field(default_factory=list)
    lines: int = 0
    has_fast_times: bool = False
    fault: Exception | None = None
    arrow: dict[str, pa.DataType] = field(default_factory=dict)


def read_records(
    file: InputFile, found: Profile, head: Header | None, *, time_format: str = ""
) -> Records:
    """Return the rows of a file: in one go where its quotes are in order, else line by line.

    ISO times of a CSV file are read on the way, into the columns of `clock`.
    """
    if file.format == "parquet":
        schema = pq.read_schema(file.path)
        return Records(
            {name: name for name in schema.names},
            {name: str(schema.field(name).type) for name in schema.names},
            None,
            arrow={name: schema.field(name).type for name in schema.names},
        )
    if (unfold := unfold_of(file)) is not None:
        rows = event_batches(file, unfold)
        return Records({"line": "c0"}, {"line": "VARCHAR"}, rows, is_clean=not unfold.is_text)
    names = head.names if head else ("line",)
    columns = {name: f"c{number}" for number, name in enumerate(names)}
    types = dict.fromkeys(names, "VARCHAR")
    schema = pa.schema(
        [("row_no", pa.int64()), *((name, pa.string()) for name in columns.values())]
    )
    records = Records(columns, types, None)
    records.is_clean = found.is_utf8 and _encoding(file) == "utf-8-sig"
    read = _parsed if found.is_orderly else _split
    time = columns.get(file.source.columns.get("occurred_at", ""))
    if time_format == "iso" and head is not None and time is not None:
        records.has_fast_times = True
        schema_out = pa.schema([*schema, *((name, pa.int64()) for name in COLUMNS)])
    else:
        schema_out = schema

    def batches() -> Iterator[pa.RecordBatch]:
        if found.is_orderly and found.records <= (head.records if head else 0):
            return
        try:
            with open_utf8(file.path, file.source.encoding, is_utf8=found.is_utf8) as stream:
                stream.read(head.bytes if head else 0)
                for batch in read(stream, records, schema, file, found, head):
                    if records.has_fast_times:
                        arrays = [*batch.columns, *fast_times(batch.column(time))]
                        batch = pa.RecordBatch.from_arrays(arrays, schema=schema_out)
                    yield batch
        except Exception as error:
            records.fault = error
            raise

    records.batches = pa.RecordBatchReader.from_batches(schema_out, batches())
    return records


def _encoding(file: InputFile) -> str:
    with open_plain(file.path) as plain:
        return encoding_of(plain.read(4), file.source.encoding)


def _parsed(
    stream: IO[bytes],
    records: Records,
    schema: pa.Schema,
    file: InputFile,
    found: Profile,
    head: Header | None,
) -> Iterator[pa.RecordBatch]:
    """The rows as Arrow's parser cuts them; what it cannot cut goes to `broken`."""
    reason = "wrong_column_count" if head else "json_malformed"

    def refuse(row: Any) -> str:
        records.broken.append(Broken(int(row.number), reason, row.text[:_SHOWN]))
        return "skip"

    names = list(records.columns.values())
    read = pc.ReadOptions(
        use_threads=False, column_names=names, block_size=max(_BLOCK, 2 * found.longest)
    )
    parse = pc.ParseOptions(
        delimiter=head.delimiter if head else "\x01",
        quote_char='"' if head and head.is_quoted else False,
        newlines_in_values=head is not None and head.is_quoted,
        ignore_empty_lines=True,
        invalid_row_handler=refuse,
    )
    convert = pc.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        strings_can_be_null=False,
        null_values=[],
        check_utf8=False,
    )
    done = 0
    for batch in pc.open_csv(stream, read, parse, convert):
        kept = batch if head else _inked(batch)
        yield _numbered(kept, done, records.broken, schema)
        done += kept.num_rows


def _inked(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The lines that are not white space alone."""
    column = batch.column(0)
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)
    offsets = offsets[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(column.buffers()[2] or b"\0", dtype=np.uint8)
    first = data[np.minimum(offsets[:-1], len(data) - 1)]
    suspects = np.flatnonzero((first == 32) | (first == 9))
    blank = [place for place in suspects if not column[int(place)].as_py().strip()]
    if not blank:
        return batch
    keep = np.ones(len(column), dtype=bool)
    keep[blank] = False
    return batch.filter(pa.array(keep))


def _numbered(
    batch: pa.RecordBatch, done: int, broken: list[Broken], schema: pa.Schema
) -> pa.RecordBatch:
    """The batch with `row_no`: the good rows' places, with those of broken records left free."""
    good = np.arange(done, done + batch.num_rows, dtype=np.int64)
    if broken:
        free = np.array([record.row_no - 1 for record in broken], dtype=np.int64)
        good += np.searchsorted(free - np.arange(len(free)), good, side="right")
    return pa.RecordBatch.from_arrays([pa.array(good + 1), *batch.columns], schema=schema)


def _split(
    stream: IO[bytes],
    records: Records,
    schema: pa.Schema,
    file: InputFile,
    found: Profile,
    head: Header | None,
) -> Iterator[pa.RecordBatch]:
    """The rows as our own splitter cuts them: slower, and undeterred by any quote."""
    if head is None:
        cut: Iterator[Record] = split_lines(stream)
    else:
        time = file.source.columns.get("occurred_at", "")
        place = head.names.index(time) if time in head.names else None
        cut = split_records(
            stream, delimiter=head.delimiter.encode(), columns=len(head.names), time_place=place
        )
    records.lines = head.lines if head else 0
    numbered = _counted(cut, records)
    size = max(1, _CELLS // max(1, len(records.columns)))
    while rows := list(islice(numbered, size)):
        numbers = pa.array([number for number, _ in rows], pa.int64())
        cells = zip(*(row for _, row in rows), strict=True)
        columns = [pa.array(column, pa.binary()).view(pa.string()) for column in cells]
        yield pa.RecordBatch.from_arrays([numbers, *columns], schema=schema)


def _counted(cut: Iterator[Record], records: Records) -> Iterator[tuple[int, list[bytes]]]:
    """The records that have cells, each with its number; the others go to `broken`."""
    number = 0
    for record in cut:
        records.lines += record.lines
        number += record.cells is not None or record.reason is not None
        if record.cells is not None:
            yield number, record.cells
        elif record.reason is not None:
            raw = record.raw[:_SHOWN].decode("utf-8", errors="replace")
            records.broken.append(Broken(number, record.reason, raw))


def peek_rows(file: InputFile, rows: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and the first rows of a CSV or Parquet file, as text."""
    if file.format == "parquet":
        table = pq.ParquetFile(file.path)
        batch = next(table.iter_batches(batch_size=rows), None)
        names = list(table.schema_arrow.names)
        listed = batch.to_pylist() if batch is not None else []
        return names, [tuple(row[name] for name in names) for row in listed]
    head = header(file)
    with open_utf8(file.path, file.source.encoding, is_utf8=False) as stream:
        stream.read(head.bytes)
        start = stream.read(4 << 20)
    lines = io.StringIO(start.decode("utf-8", errors="replace"), newline="")
    read: Callable[[], Any] = csv.reader(lines, delimiter=head.delimiter).__next__
    found: list[tuple[Any, ...]] = []
    try:
        while len(found) < rows:
            row = read()
            if len(row) == len(head.names):
                found.append(tuple(row))
    except (StopIteration, csv.Error):
        pass
    return list(head.names), found
