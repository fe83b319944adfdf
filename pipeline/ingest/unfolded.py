"""Files whose records are not their lines, as rows of JSON lines: one an event."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import IO

import pyarrow as pa

from ..formats import LIST, UNFOLDS, Damaged, Unfold, is_list
from .files import InputFile
from .streams import open_plain, open_utf8

_ROWS = 10_000
_START = 1 << 16
_SCHEMA = pa.schema([("row_no", pa.int64()), ("c0", pa.string())])


def unfold_of(file: InputFile) -> Unfold | None:
    """Return how a file unfolds; None where each of its lines, or of its rows, is an event."""
    known = file.source.known
    if file.format != "jsonl":
        return None
    if known is not None and known.unfold is not None:
        return UNFOLDS[known.unfold]
    return LIST if _is_list(file) else None


def _is_list(file: InputFile) -> bool:
    try:
        with open_utf8(file.path, file.source.encoding, is_utf8=False) as stream:
            return is_list(stream.read(_START))
    except (EOFError, OSError, zlib.error, pa.ArrowException):  # whoever reads it whole says why
        return False


def count_events(file: InputFile, unfold: Unfold) -> tuple[int, str | None]:
    """Return how many events a file holds, and why it cannot be read; None: it can."""
    try:
        with open_unfolded(file, unfold) as stream:
            return unfold.count(stream), None
    except Damaged as damage:
        return 0, f"its content is damaged: {damage}"
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        return 0, f"the archive is damaged or cut short ({error})"


def event_batches(file: InputFile, unfold: Unfold) -> pa.RecordBatchReader:
    """Return the events as batches of `row_no` and `c0`, a JSON object as text."""

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        with open_unfolded(file, unfold) as stream:
            lines = unfold.lines(stream)
            while some := list(islice(lines, _ROWS)):
                numbers = pa.array(range(done + 1, done + len(some) + 1), pa.int64())
                yield pa.RecordBatch.from_arrays([numbers, pa.array(some, TEXT)], schema=_SCHEMA)
                done += len(some)

    return pa.RecordBatchReader.from_batches(_SCHEMA, batches())


TEXT = pa.string()


def open_unfolded(file: InputFile, unfold: Unfold) -> IO[bytes]:
    """Open a file as what unfolds it wants it: UTF-8, or its bytes as they are."""
    if unfold.is_text:
        return open_utf8(file.path, file.source.encoding, is_utf8=False)
    return open_plain(file.path)
