"""The header of a CSV file: where it stands, how it is cut, and what its columns are called."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import pairwise

from .files import InputFile
from .streams import LONGEST_RECORD, open_utf8

_DELIMITERS = (",", ";", "\t", "|")
_START = 1 << 20
_MARK = re.compile(rb'"?sep=([,;|]|\t)"?', re.IGNORECASE)
"""What spreadsheets write above the header to say what parts the cells."""
_PREAMBLE = 50
"""Records above the header that a file may hold: titles, dates, comments."""


@dataclass(frozen=True)
class Header:
    """Column names and delimiter, and how much of the file they take.

    `bytes` and `lines` lead to the first record below the header; `records` counts what stands up
    to there without blank lines: the header and what comes before it. `fault`: it has no end.
    """

    names: tuple[str, ...]
    delimiter: str
    bytes: int = 0
    lines: int = 0
    records: int = 0
    fault: str | None = None
    is_quoted: bool = True


def header(file: InputFile) -> Header:
    """Return the header of a CSV file: the first record, or the first that has the time's column.

    Titles and comments may stand above it, or a line `sep=;` that tells the delimiter. Empty names
    become `column_3`; repeated ones get their number of appearance (`name_2`). A file without any
    text has no names.
    """
    start, is_whole = _start(file)
    place = lines = records = 0
    found: Header | None = None
    told: str | None = None
    seen: list[Header] = []
    while place < len(start) and records < _PREAMBLE:
        size = _record_size(start[place:] if place else start)
        record = start[place : place + size]
        if not is_whole and place + size >= len(start):
            break
        place += size
        lines += len(record.splitlines())
        if not record.strip(b"\r\n"):
            continue
        records += 1
        if records == 1 and (mark := _MARK.fullmatch(record.strip(b"\r\n "))):
            told = mark[1].decode()
            continue
        names, delimiter = _cells(record.decode("utf-8"), file.source.delimiter or told)
        here = Header(_distinct(names), delimiter, place, lines, records)
        if records == 1 and (given := _given(file, here.names)):
            return given
        if file.source.columns.get("occurred_at") in here.names:
            return here
        if found is None and not record.startswith(b"#"):
            found = here
        if not record.startswith(b"#"):
            seen.append(here)
    # Where nothing tells the name of the time, what has one cell above a table is its title.
    if "occurred_at" not in file.source.columns and found is not None and len(found.names) == 1:
        found = next(
            (one for one, below in pairwise(seen) if 1 < len(one.names) == len(below.names)), found
        )
    if found is None and not is_whole:
        megabytes = LONGEST_RECORD >> 20
        return Header((), ",", fault=f"the header has no end in its first {megabytes} MB")
    return found or Header((), file.source.delimiter or ",", place, lines, records)


def _given(file: InputFile, first: tuple[str, ...]) -> Header | None:
    """The header of a known export whose files have none; tabs part cells, quotes are letters."""
    names = file.source.known.header if file.source.known is not None else ()
    if not names or len({*names} & {*first}) > 2:
        return None
    return Header(names, "\t", is_quoted=False)


def _start(file: InputFile) -> tuple[bytes, bool]:
    """The file's first bytes with at least one whole line, and whether they are all of it."""
    with open_utf8(file.path, file.source.encoding, is_utf8=False) as stream:
        start = b""
        while len(start) <= LONGEST_RECORD:
            block = stream.read(_START)
            start += block
            if len(block) < _START:
                return start, True
            if b"\n" in block or b"\r" in block:
                return start, False
        return start, False


def _record_size(text: bytes) -> int:
    """Bytes of the first record with its line end; the first line where its quotes do not close."""
    ends = [place for place in (text.find(b"\n"), text.find(b"\r")) if place >= 0]
    lines = text[: max(_START, min(ends, default=len(text)) + 2)].splitlines(keepends=True)
    size = 0
    is_open = False
    for line in lines[:_PREAMBLE]:
        size += len(line)
        is_open ^= line.count(b'"') % 2 == 1
        if not is_open:
            return size
    return len(lines[0])


def _cells(record: str, declared: str | None) -> tuple[list[str], str]:
    outside = "".join(record.split('"')[::2])
    delimiter = declared or max(_DELIMITERS, key=outside.count)
    text = io.StringIO(record.strip("\r\n"), newline="")
    try:
        return next(csv.reader(text, delimiter=delimiter)), delimiter
    except (csv.Error, StopIteration):
        return record.strip("\r\n").split(delimiter), delimiter


def _distinct(cells: list[str]) -> tuple[str, ...]:
    taken: set[str] = set()
    names = []
    counts: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        name = plain = cell.strip().strip("\ufeff") or f"column_{number}"
        while name in taken:
            counts[plain] = counts.get(plain, 1) + 1
            name = f"{plain}_{counts[plain]}"
        taken.add(name)
        names.append(name)
    return tuple(names)
