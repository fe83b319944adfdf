"""A look at the rows of like files: what the columns are, how times are written, which events."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..formats import Damaged, Known
from ..ingest.cells import BLANK
from ..ingest.endings import foreign, format_of
from ..ingest.files import InputFile, unfolds
from ..ingest.records import peek_rows
from ..ingest.streams import open_utf8
from ..ingest.unfolded import open_unfolded, unfold_of
from ..project import Source
from .encodings import guessed_encoding
from .known import candidates, in_our_columns, recognised
from .roles import id_columns, roles, time_formats

ROWS = 50_000
"""How many rows of a file are looked at."""
_FILES = 3

Row = dict[str, str]


@dataclass(frozen=True)
class Event:
    """An event as the rows tell it; `place` is 0 at a customer's beginning and 1 at the end."""

    source: str
    name: str
    rows: int
    share: float
    place: float


@dataclass(frozen=True)
class Export:
    """What a look at one group of like files found; of a `known` export, columns are ours."""

    name: str
    files: list[str]
    columns: dict[str, str]
    time_formats: list[str]
    time_example: str
    offsets: list[str]
    is_naive: bool
    events: list[Event]
    other_columns: list[str]
    known: Known | None = None
    encoding: str = "utf-8"


def look(name: str, files: list[str], paths: Sequence[Path], known: Known | None = None) -> Export:
    """Return what the first, the middle and the last of the files say; `known` is what they are."""
    chosen = sorted({0, len(paths) // 2, len(paths) - 1})[:_FILES]
    rows = [row for place in chosen for row in _rows(paths[place], ROWS // len(chosen), known)]
    rows = in_our_columns(known, rows) if known is not None else rows
    names = list(dict.fromkeys(column for row in rows for column in row))
    cells = {column: [row.get(column, "") for row in rows] for column in names}
    columns = roles(cells) if known is None else {column: column for column in names}
    times = [time for time in cells.get(columns.get("occurred_at", ""), []) if time]
    zones = [re.search(r".{11,}(Z|UTC|[+-]\d\d(?::?\d\d)?)$", time) for time in times]
    formats = time_formats(times)
    is_epoch = bool(formats) and formats[0].startswith("epoch")
    return Export(
        name=name,
        files=files,
        columns=columns,
        time_formats=[] if format_of(paths[0]) == "parquet" and formats == ["iso"] else formats,
        time_example=times[0] if times else "",
        offsets=sorted({zone[1] for zone in zones if zone and zone[1][0] in "+-"}),
        is_naive=not is_epoch and len([zone for zone in zones if zone]) < 0.9 * len(times),
        events=_events(name, columns, rows),
        other_columns=[column for column in names if column not in columns.values()],
        known=known,
        encoding=guessed_encoding(paths[0]),
    )


def peek(path: Path) -> tuple[list[str], Known | None]:
    """Return the columns of a file, none where it has no rows, and which known export it is.

    Raises DataError where the ending tells a known export, and the file is none.
    """
    for known in candidates(path):
        with suppress(Exception):  # it is none of these: any parser may stumble over any bytes
            rows = _rows(path, 20, known)
            if _are_of(known, rows):
                return _names(rows), known
    if format_of(path) in ("csv", "jsonl") and (told := foreign(path)) is not None:
        raise DataError(f"this is {told}")
    if format_of(path) is None:
        raise DataError("no event with a case, a name and a time stands at its beginning")
    rows = _rows(path, 20)
    names = _names(rows)
    found = recognised(names)
    return names, found if found is not None and _are_of(found, rows) else None


def _are_of(known: Known, rows: Sequence[Row]) -> bool:
    """Whether the rows have what tells the export, and times as it writes them."""
    if recognised(_names(rows)) is not known:
        return False
    formats = time_formats([row["occurred_at"] for row in in_our_columns(known, rows)])
    return bool(formats) and known.time_format in (None, *formats)


def _names(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _rows(path: Path, most: int, known: Known | None = None) -> list[Row]:
    kind = "jsonl" if unfolds(path, known) else format_of(path) or "csv"
    source = Source.model_construct(
        name="",
        files=(),
        columns={},
        format=known.name if known is not None else "auto",
        delimiter=None,
        encoding=guessed_encoding(path),
        event="",
    )
    file = InputFile(source, 1, path, path.name, kind)
    if (unfold := unfold_of(file)) is not None:
        with open_unfolded(file, unfold) as stream:
            return _json_rows(unfold.lines(stream), most)
    if kind == "jsonl":
        with open_utf8(path, source.encoding, is_utf8=False) as stream:
            return _json_rows(stream, most)
    names, listed = peek_rows(file, most)
    return [_flat(dict(zip(names, row, strict=True))) for row in listed[:most]]


def _json_rows(lines: Iterable[str | bytes], most: int) -> list[Row]:
    """The objects of so many lines; those of a file that is cut short, up to there."""
    rows = []
    with suppress(Damaged):
        for line in islice(lines, most):
            try:
                row = _flat(json.loads(line))
            except ValueError:
                continue
            rows += [row] if row else []
    return rows


def _flat(value: Any, prefix: str = "") -> Row:
    """A JSON object as one row: the keys of objects inside it are joined by dots."""
    if not isinstance(value, dict):
        return {}
    found: Row = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            found |= _flat(inner, f"{prefix}{key}.")
        elif not isinstance(inner, list):
            found[f"{prefix}{key}"] = _text(inner)
    return found


def _text(cell: Any) -> str:
    text = "" if cell is None else str(cell).strip()
    return "" if text in BLANK else text


def _events(source: str, columns: dict[str, str], rows: Sequence[Row]) -> list[Event]:
    """The events of the rows, the most frequent first; without an event column it is one."""
    named = columns.get("event")
    who = id_columns(columns)
    at = columns.get("occurred_at", "")
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for number, row in enumerate(rows):
        event = row.get(named, "") if named else source
        if event:
            counts[event] += 1
            customer = next((row[name] for name in who if row.get(name)), f"row {number}")
            told[customer].append((row.get(at, ""), event))
    places: dict[str, list[float]] = defaultdict(list)
    for listed in told.values():
        listed.sort(key=lambda one: one[0])
        for place, (_, event) in enumerate(listed):
            places[event].append(place / (len(listed) - 1) if len(listed) > 1 else 0.5)
    customers = Counter(event for listed in told.values() for event in {e for _, e in listed})
    return [
        Event(
            source, name, count, customers[name] / len(told), sum(places[name]) / len(places[name])
        )
        for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]
