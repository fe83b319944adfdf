"""A look at every file before any is loaded: its bytes, its columns, how its times are written."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ..errors import ProjectError, nearest
from ..formats import joined, parsed, told
from ..project import Project, Source
from ..warehouse import Warehouse, literal, quote, scratch
from .cells import Cells
from .files import InputFile
from .header import Header, header
from .profile import Profile, profile
from .records import Records, peek_rows, read_records
from .spread import Spread, one_by_one
from .streams import open_utf8
from .times import EPOCH_UNITS, fitting_formats, one_format, typed_moment

_PEEKED = 500


@dataclass(frozen=True)
class Looked:
    """A file after a look at its bytes and its columns, before it is loaded.

    `formats` are those that fit the times of its first records; None: there are none to look at, or
    the source declares its format.
    """

    file: InputFile
    profile: Profile
    head: Header | None
    columns: tuple[str, ...]
    formats: tuple[str, ...] | None = None

    @property
    def address(self) -> str | None:
        """Where the file is, if only an engine can reach it."""
        return self.file.address

    def at(self, path: Path) -> Looked:
        """Return the same with the file's bytes at a path."""
        return replace(self, file=self.file.at(path))


def look(file: InputFile) -> Looked:
    """Return what there is to know of a file before it is loaded."""
    head = None
    if file.format == "csv":
        try:
            head = header(file)
        except (EOFError, OSError, zlib.error, pa.ArrowException):
            head = Header((), ",")  # an archive that is damaged: the profile says how
    found = profile(file, head)
    if head is not None and head.fault and found.fault is None:
        found = Profile(found.content_hash, found.bytes, fault=head.fault)
    columns: tuple[str, ...] = ()
    if found.fault is None and file.format != "jsonl":
        columns = tuple(read_records(file, found, head).columns)
    if found.fault is not None:
        return Looked(file, found, head, ())
    one = Looked(file, found, head, columns)
    firsts = _first_times(one) if found.records and not file.source.time_format else []
    return replace(one, formats=tuple(_majority(firsts))) if firsts else one


def check_columns(project: Project, looked: Sequence[Looked]) -> None:
    """Refuse columns that no file of a source has; a column that only some have is drift."""
    faults = []
    for source in project.source:
        own = [
            one
            for one in looked
            if one.file.source.name == source.name and one.profile.fault is None
        ]
        if not own or any(one.file.format == "jsonl" for one in own):
            continue
        present = {name for one in own for name in one.columns}
        if not present:
            continue
        faults += [
            f"[[source]] {source.name!r} columns: {ours} = {told(theirs)} is in none of its "
            f"{len(own)} file(s); {nearest(theirs, present)}"
            for ours, theirs in _wanted(source)
            if not _is_there(theirs, present)
        ]
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise ProjectError(f"{project.folder / 'squiggle.toml'}: columns to mend:\n{listed}")


def _wanted(source: Source) -> list[tuple[str, str]]:
    """Columns that must be there; of what a known export brings along, only time and event."""
    known = source.known
    brought = {name: joined(way) for name, way in known.columns.items()} if known else {}
    if source.event is None:
        brought.pop("event", None)
    brought.pop("occurred_at", None)
    kept = known.kept if known else {}
    return [
        *((ours, way) for ours, way in source.columns.items() if brought.get(ours) != way),
        *(("keep", name) for name in source.keep if name not in kept),
    ]


def _is_there(way: str, present: set[str]) -> bool:
    """Tell whether one of a way's alternatives begins with a column that is present."""
    return way in present or any(
        ".".join(path.names[:taken]) in present
        for path in parsed(way)
        for taken in range(1, len(path.names) + 1)
    )


def time_format(source: Source, looked: Sequence[Looked], spread: Spread = one_by_one) -> str:
    """Return the declared time format, or the one that fits the times of all files of a source.

    Where the first records of every file are written in one and the same unmistakable way, that is
    it; what is written otherwise further down is rejected. Day and month need every record, which
    `spread` has read.
    """
    if source.time_format:
        return source.time_format
    readable = [one for one in looked if one.profile.fault is None and one.profile.records]
    firsts = [one.formats for one in readable if one.formats is not None]
    sure = set(firsts)
    if len(firsts) == len(readable) and len(sure) == 1:
        only = next(iter(sure))
        if len(only) == 1 and only[0] in ("iso", *EPOCH_UNITS):
            return only[0]
    fitting, examples = [], []
    for values in spread(_all_times, readable):
        if values:
            fitting.append(_majority(values))
            examples += values[:2]
    if not fitting:
        return "iso"
    # A file of which no time can be read decides nothing: its records are rejected.
    fitting = [formats for formats in fitting if formats] or fitting
    where = f"[[source]] {source.name!r} occurred_at = {told(source.columns['occurred_at'])}"
    return one_format(fitting, examples, where)


def _majority(values: Sequence[str]) -> list[str]:
    """Formats that fit all values; where none does, those that fit all but a few broken ones."""
    found = fitting_formats(values)
    if found:
        return found
    fits: dict[str, int] = {}
    for value in values:
        for name in fitting_formats([value]):
            fits[name] = fits.get(name, 0) + 1
    most = max(fits.values(), default=0)
    return [name for name, count in fits.items() if count == most and most >= 0.5 * len(values)]


def _first_times(one: Looked) -> list[str]:
    """The times of a file's first records, as text."""
    theirs = one.file.source.columns["occurred_at"]
    if one.file.format == "jsonl":
        with open_utf8(one.file.path, one.file.source.encoding, is_utf8=False) as stream:
            lines = list(islice(stream, _PEEKED)) if one.profile.is_orderly else []
        found = [_member(line, theirs) for line in lines]
    elif one.file.format == "parquet":
        return []
    elif theirs in one.columns:
        names, rows = peek_rows(one.file, _PEEKED)
        found = [row[names.index(theirs)] for row in rows]
    else:
        return []
    return [text for value in found if value is not None and (text := str(value).strip())]


def _member(line: bytes, name: str) -> Any:
    try:
        value = json.loads(line)
        if name in value:
            return value[name]
        for part in name.split("."):
            value = value[part]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return value if isinstance(value, str | int | float) else None


def _all_times(one: Looked) -> list[str]:
    """The distinct shapes of a file's times: enough of them to tell every format apart.

    For each first and second number that a value begins with, one example: thousands of rows
    with the same day and month are one.
    """
    theirs = one.file.source.columns["occurred_at"]
    with scratch() as desk:
        try:
            records = open_rows(desk, one)
        except duckdb.InterruptException:
            raise
        except duckdb.Error:  # as below
            return []
        cells = Cells(one.file, records)
        reached = cells.text("occurred_at")
        if reached is None:
            return []
        if one.file.format == "parquet" and typed_moment("x", cells.kind(theirs), "UTC"):
            return []
        try:
            found = desk.rows(
                f"select min(value) from (select {reached} as value from {cells.rows}) "
                "where value <> '' group by left(value, 6), length(value) order by 1 limit 2000"
            )
        except duckdb.InterruptException:
            raise
        except duckdb.Error:  # damaged data: loading it will say what is wrong
            return []
    return [value for (value,) in found if value]


def open_rows(desk: Warehouse, one: Looked, time_format: str = "") -> Records:
    """Open a file's rows as relation `raw_rows` of the desk."""
    records = read_records(one.file, one.profile, one.head, time_format=time_format)
    if one.file.format == "parquet":
        desk.execute(
            f"create or replace view raw_rows as select * from "
            f"read_parquet({literal(str(one.file.path))}, file_row_number = true)"
        )
    else:
        desk.register("raw_rows", records.batches)
    return records


def kind_of(error: duckdb.Error) -> str:
    """Return what is wrong, without names of files and values: they change, or may be ids."""
    told = re.sub(r" (?:in|at) (?:Parquet )?file \"[^\"]*\"", "", str(error).splitlines()[0])
    return re.sub(r"\"[^\"]*\"|'[^']*'", "…", told)


def is_readable(one: Looked) -> str | None:
    """Return what is wrong with the data of a Parquet file; None: every page can be read."""
    with scratch() as desk:
        try:
            open_rows(desk, one)
            listed = ", ".join(quote(name) for name in one.columns)
            desk.rows(f"select count(hash({listed})) from raw_rows")
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            return kind_of(error)
    return None
