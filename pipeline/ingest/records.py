"""Every format read as rows of raw text: `row_no` and one column per column of the export."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from ..errors import DataError
from .files import InputFile, Profile
from .streams import encoding_of, open_plain, open_utf8

_BLOCK = 8 << 20
_DELIMITERS = (",", ";", "\t", "|")


@dataclass
class Broken:
    """A record that the parser could not cut into columns."""

    row_no: int
    reason: str
    raw: str


@dataclass
class Records:
    """A file's rows as raw text, to be read once.

    `columns` maps the export's column names to those of the rows; `batches` yields Arrow batches
    with `row_no` (1 is the first record below the header; blank lines are not counted) or is None
    where DuckDB reads the file itself. `broken` fills up while the batches are read.
    """

    columns: dict[str, str]
    types: dict[str, str]
    batches: pa.RecordBatchReader | None
    is_clean: bool = True
    broken: list[Broken] = field(default_factory=list)


def read_records(file: InputFile, profile: Profile) -> Records:
    """Return the rows of a file; raises DataError where it has no readable header."""
    if file.format == "parquet":
        return _parquet(file)
    if file.format == "jsonl":
        return _text(file, profile, delimiter="\x01", names=["line"], skip=0, quoted=False)
    names, delimiter, skip = header(file)
    return _text(file, profile, delimiter=delimiter, names=names, skip=skip, quoted=True)


def header(file: InputFile) -> tuple[list[str], str, int]:
    """Return column names, delimiter and physical lines of a CSV file's header.

    Empty names become `column_3`; repeated ones get their number of appearance (`name_2`).
    """
    with open_plain(file.path) as plain:
        start = plain.read(1 << 20)
    text = start.decode(encoding_of(start, file.source.encoding), errors="replace").lstrip("\ufeff")
    skip = len(text) - len(text.lstrip("\r\n"))
    blank_lines = text[:skip].count("\n")
    text = text[skip:]
    if not text.strip():
        return [], ",", 0
    first = _first_record(text)
    outside = "".join(first.split('"')[::2])
    delimiter = file.source.delimiter or max(_DELIMITERS, key=outside.count)
    cells = next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter))
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column_{number}"
        seen = sum(1 for other in names if other == name or other.startswith(f"{name}_"))
        names.append(f"{name}_{seen + 1}" if name in names else name)
    return names, delimiter, first.count("\n") + 1 + blank_lines


def _first_record(text: str) -> str:
    in_quotes = False
    for place, letter in enumerate(text):
        in_quotes ^= letter == '"'
        if letter == "\n" and not in_quotes:
            return text[:place].rstrip("\r")
    return text


def _text(
    file: InputFile, profile: Profile, *, delimiter: str, names: list[str], skip: int, quoted: bool
) -> Records:
    columns = {name: f"c{number}" for number, name in enumerate(names)}
    if not names or profile.records == 0:
        return Records(columns, {}, None)
    broken: list[Broken] = []

    def refuse(row: Any) -> str:
        reason = "wrong_column_count" if quoted else "json_malformed"
        broken.append(Broken(int(row.number) - (1 if quoted else 0), reason, row.text))
        return "skip"

    fields = pa.schema([(name, pa.string()) for name in columns.values()])
    schema = pa.schema([("row_no", pa.int64()), *fields])
    if (profile.records or 0) <= (1 if quoted else 0):
        return Records(columns, dict.fromkeys(columns.values(), "VARCHAR"), _empty(schema))

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        with open_utf8(file.path, file.source.encoding, is_utf8=profile.is_utf8) as stream:
            for batch in pc.open_csv(stream, read, parse, convert):
                yield _numbered(batch, done, broken, schema)
                done += batch.num_rows

    read = pc.ReadOptions(
        use_threads=False,
        column_names=list(columns.values()),
        skip_rows=skip,
        block_size=max(_BLOCK, 2 * profile.longest),
    )
    parse = pc.ParseOptions(
        delimiter=delimiter,
        quote_char='"' if quoted else False,
        newlines_in_values=quoted,
        ignore_empty_lines=True,
        invalid_row_handler=refuse,
    )
    convert = pc.ConvertOptions(
        column_types={name: pa.string() for name in columns.values()},
        strings_can_be_null=False,
        null_values=[],
        check_utf8=False,
    )
    types = dict.fromkeys(columns.values(), "VARCHAR")
    is_clean = profile.is_utf8 and codecs.lookup(file.source.encoding).name == "utf-8"
    stream = pa.RecordBatchReader.from_batches(schema, batches())
    return Records(columns, types, stream, is_clean, broken)


def _numbered(
    batch: pa.RecordBatch, done: int, broken: list[Broken], schema: pa.Schema
) -> pa.RecordBatch:
    """The batch with `row_no`: the good rows' places, with those of broken records left free."""
    good = np.arange(done, done + batch.num_rows, dtype=np.int64)
    free = np.array([record.row_no - 1 for record in broken], dtype=np.int64)
    shift = np.searchsorted(free - np.arange(len(free)), good, side="right")
    numbers = pa.array(good + shift + 1)
    return pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=schema)


def _empty(schema: pa.Schema) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(schema, iter(()))


def _parquet(file: InputFile) -> Records:
    try:
        schema = pq.read_schema(file.path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{file.name}: this is no readable Parquet file ({error})") from None
    names = {name: name for name in schema.names}
    return Records(names, {name: str(schema.field(name).type) for name in names}, None)


def peek_rows(file: InputFile, rows: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and the first rows of a CSV or Parquet file, as text. For `init`."""
    if file.format == "parquet":
        table = pq.ParquetFile(file.path)
        batch = next(table.iter_batches(batch_size=rows), None)
        names = list(table.schema_arrow.names)
        listed = batch.to_pylist() if batch is not None else []
        return names, [tuple(row[name] for name in names) for row in listed]
    names, delimiter, skip = header(file)
    with open_plain(file.path) as plain:
        start = plain.read(4 << 20)
    text = start.decode(encoding_of(start, file.source.encoding), errors="replace")
    lines = io.StringIO(text.lstrip("\ufeff"), newline="")
    read: Callable[[], Any] = csv.reader(lines, delimiter=delimiter).__next__
    found = []
    try:
        read()
        while len(found) < rows:
            row = read()
            if len(row) == len(names):
                found.append(tuple(row))
    except (StopIteration, csv.Error):
        pass
    return names, found
