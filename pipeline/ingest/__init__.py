"""Ingest: exported files → the event store, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DataError, ProjectError, nearest
from ..project import Project, Source
from ..warehouse import Warehouse, literal, scratch
from .files import InputFile, Profile, find_files, profile
from .records import Records, read_records
from .store import Entry, Part, Store, part_key
from .times import fitting_formats, one_format, typed_to_microseconds
from .typed import REASONS, typed_select

__all__ = ["REASONS", "Part", "ingest", "kept_columns"]

Told = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""

_REJECTS = pa.schema(
    [
        ("row_no", pa.int64()),
        ("reason", pa.string()),
        ("column_name", pa.string()),
        ("bad_value", pa.string()),
        ("raw", pa.string()),
    ]
)


@dataclass(frozen=True)
class _Looked:
    """A file after a look at its bytes and its columns, before it is loaded."""

    file: InputFile
    profile: Profile
    columns: tuple[str, ...]


def ingest(
    project: Project,
    store: Store,
    *,
    memory: str | None = None,
    threads: int | None = None,
    tell: Told | None = None,
) -> list[Part]:
    """Load every file that the project names into the store, and return the parts in order.

    A file whose content has been loaded before, read the same way, is not read again.
    """
    tell = tell or (lambda what, done, total: None)
    files = find_files(project)
    looked = []
    for number, file in enumerate(files):
        tell(f"looking at {file.name}", number, len(files))
        looked.append(_look(file))
    _check_columns(project, looked)
    formats = {
        source.name: _time_format(source, [one for one in looked if one.file.source is source])
        for source in project.source
    }
    parts = []
    for number, one in enumerate(looked):
        tell(f"loading {one.file.name}", number, len(files))
        parts.append(_load(project, store, one, formats[one.file.source.name], memory, threads))
    tell("loaded", len(files), len(files))
    return parts


def kept_columns(project: Project, source: Source) -> list[str]:
    """Return the export's own columns that are carried along: kept ones, in the order declared."""
    return list(dict.fromkeys(source.keep))


def _look(file: InputFile) -> _Looked:
    found = profile(file)
    columns: tuple[str, ...] = ()
    if found.fault is None and file.format != "jsonl":
        columns = tuple(read_records(file, found).columns)
    return _Looked(file, found, columns)


def _check_columns(project: Project, looked: Sequence[_Looked]) -> None:
    """Refuse columns that no file of a source has; a column that only some have is drift."""
    faults = []
    for source in project.source:
        own = [one for one in looked if one.file.source is source and one.profile.fault is None]
        if not own or any(one.file.format == "jsonl" for one in own):
            continue
        present = {name for one in own for name in one.columns}
        if not present:
            continue
        wanted = [*source.columns.items(), *(("keep", name) for name in source.keep)]
        faults += [
            f"[[source]] {source.name!r} columns: {ours} = {theirs!r} is in none of its "
            f"{len(own)} file(s); {nearest(theirs, present)}"
            for ours, theirs in wanted
            if theirs not in present
        ]
        if "event" not in source.columns and source.event is None:
            faults.append(
                f"[[source]] {source.name!r}: say what its events are called: map 'event' to a "
                "column, or set event = 'a name' for all rows"
            )
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise ProjectError(f"{project.folder / 'squiggle.toml'}: columns to mend:\n{listed}")


def _time_format(source: Source, looked: Sequence[_Looked]) -> str:
    """The declared time format, or the one that fits every time of every file of the source."""
    if source.time_format:
        return source.time_format
    fitting, examples = [], []
    for one in looked:
        if one.profile.fault is None and one.profile.records != 0:
            values = _time_values(one)
            if values:
                fitting.append(_majority(values))
                examples += values[:2]
    if not fitting:
        return "iso"
    where = f"[[source]] {source.name!r} occurred_at = {source.columns['occurred_at']!r}"
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


def _time_values(one: _Looked) -> list[str]:
    """The distinct shapes of a file's times: enough of them to tell every format apart.

    For each first and second number that a value begins with, one example: thousands of rows
    with the same day and month are one.
    """
    file = one.file
    theirs = file.source.columns["occurred_at"]
    with scratch() as desk:
        records = _read(desk, file, one.profile)
        if file.format == "parquet":
            kind = records.types.get(theirs, "")
            if typed_to_microseconds("x", kind, "UTC") is not None:
                return []
        reached = _reach(file, records, theirs)
        if reached is None:
            return []
        found = desk.rows(
            f"select min(value) from (select trim({reached}) as value from raw_rows) "
            "where value <> '' group by left(value, 6), length(value) order by 1 limit 2000"
        )
    return [value for (value,) in found if value]


def _reach(file: InputFile, records: Records, theirs: str) -> str | None:
    from ..warehouse import quote

    if file.format == "jsonl":
        path = "$." + ".".join(quote(part) for part in theirs.split("."))
        return f"case when json_valid(c0) then json_extract_string(c0, {literal(path)}) end"
    column = records.columns.get(theirs)
    return f"cast({quote(column)} as varchar)" if column else None


def _read(desk: Warehouse, file: InputFile, found: Profile) -> Records:
    """Open a file's rows as relation `raw_rows` of the desk."""
    records = read_records(file, found)
    if file.format == "parquet":
        desk.execute(
            "create view raw_rows as select * from "
            f"read_parquet({literal(str(file.path))}, file_row_number = true)"
        )
    elif records.batches is not None:
        desk.register("raw_rows", records.batches)
    return records


def _load(
    project: Project,
    store: Store,
    one: _Looked,
    time_format: str,
    memory: str | None,
    threads: int | None,
) -> Part:
    file = one.file
    zone = file.source.timezone or project.timezone
    keep = kept_columns(project, file.source)
    plausible = (_microseconds(project.plausible_from), _microseconds(project.plausible_to))
    settings = file.source.model_dump(
        include={"columns", "delimiter", "encoding", "blank", "event", "channel"}
    )
    settings |= {"time_format": time_format, "zone": zone, "keep": keep, "plausible": plausible}
    key = part_key(file, one.profile.content_hash, settings)
    part = store.find(key, file)
    if part is not None:
        return part
    room = store.room(key)
    if one.profile.fault is not None:
        entry = _empty_part(room, one, time_format, one.profile.fault)
        return store.keep(key, room, entry, file)
    with scratch(memory=memory, threads=threads, folder=store.folder / "spill") as desk:
        records = _read(desk, file, one.profile)
        if file.format != "parquet" and records.batches is None:
            return store.keep(key, room, _empty_part(room, one, time_format, None), file)
        select = typed_select(
            file, records, time_format=time_format, zone=zone, plausible=plausible, keep=keep
        )
        events = room / "events.parquet"
        desk.execute(
            f"copy ({select}) to {literal(str(events))} "
            "(format parquet, compression zstd, compression_level 1, row_group_size 122880)"
        )
        entry = _account(desk, one, records, room, time_format)
    return store.keep(key, room, entry, file)


def _microseconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000


def _empty_part(room: Path, one: _Looked, time_format: str, fault: str | None) -> Entry:
    """A part without events, for an empty file or one that cannot be read at all."""
    rejects = [] if fault is None else [[0, "unreadable_file", None, None, fault]]
    _write_rejects(room, rejects)
    return Entry(
        one.file.name,
        one.profile.content_hash,
        one.profile.bytes,
        time_format,
        *(0, 0, 0, None, None),
        fault,
    )


def _account(
    desk: Warehouse, one: _Looked, records: Records, room: Path, time_format: str
) -> Entry:
    """Count what became of the rows and hold it against the count of the bytes."""
    events = literal(str(room / "events.parquet"))
    counted = desk.rows(
        "select count(*), count(reason), min(occurred_us) filter (reason is null), "
        f"max(occurred_us) filter (reason is null) from read_parquet({events})"
    )[0]
    total, rejected, first_us, last_us = counted
    faulty = (
        [
            list(row)
            for row in desk.rows(
                "select row_no, reason, column_name, bad_value, raw from "
                f"read_parquet({events}) where reason is not null"
            )
        ]
        if rejected
        else []
    )
    faulty += [[row.row_no, row.reason, None, None, row.raw] for row in records.broken]
    _write_rejects(room, sorted(faulty, key=lambda row: (row[0], row[1])))
    header_rows = 1 if one.file.format == "csv" else 0
    rows_read = total if one.profile.records is None else one.profile.records - header_rows
    if one.file.format == "parquet":
        rows_read = pq.read_metadata(one.file.path).num_rows
    if rows_read != total + len(records.broken):
        raise DataError(
            f"{one.file.name}: the file holds {rows_read:,} records, but the parser made "
            f"{total + len(records.broken):,} of them; quotes inside it are probably broken"
        )
    return Entry(
        name=one.file.name,
        content_hash=one.profile.content_hash,
        bytes=one.profile.bytes,
        time_format=time_format,
        rows_read=rows_read,
        rows_accepted=total - rejected,
        rows_rejected=rejected + len(records.broken),
        first_us=first_us,
        last_us=last_us,
        fault=None,
    )


def _write_rejects(room: Path, rows: list[list[Any]]) -> None:
    columns: list[list[Any]] = (
        [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 5
    )
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _REJECTS, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=_REJECTS), room / "rejects.parquet")
