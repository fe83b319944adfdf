"""Ingest: exported files → the event store, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from ..errors import DataError
from ..progress import Agenda
from ..project import Project, Source
from .files import Addresses, InputFile, find_files
from .lake import Lake, kept_here
from .limits import check_rejected, reasons
from .load import HowRead, Waiting, load_apart
from .look import Looked, check_columns, look, time_format
from .spread import Spread, one_by_one, told
from .store import Entry, Part, Store, part_key
from .typed import REASONS

__all__ = [
    "REASONS",
    "Addresses",
    "Lake",
    "Part",
    "Spread",
    "ingest",
    "one_by_one",
    "reasons",
]


def ingest(
    project: Project,
    store: Store,
    *,
    memory: str | None = None,
    threads: int | None = None,
    agenda: Agenda | None = None,
    spread: Spread = one_by_one,
    addresses: Addresses | None = None,
    lake: Lake | None = None,
) -> list[Part]:
    """Load every file that the project names into the store, and return the parts in order.

    A file whose content has been loaded before, read the same way, is not read again. Files are
    looked at and loaded wherever `spread` has it done; which formats of time fit, and what enters
    the ledger, is decided here. Of exports at an address `addresses` tells which there are. With a
    `lake` their events are kept there, and the store has only what became of their records. Raises
    DataError where more is rejected than `max_rejected` allows, or where the disk is full.
    """
    agenda = agenda or Agenda(None, ())
    files = find_files(project, addresses)
    names = [file.name for file in files]
    agenda.files([(file.name, file.format, file.size) for file in files])
    seen = told(agenda, "looking", names, spread(look, files))
    looked = [one.at(file.path) for one, file in zip(seen, files, strict=True)]
    check_columns(project, looked)
    formats = {
        source.name: time_format(source, _of(source, looked), spread) for source in project.source
    }
    try:
        load = partial(load_apart, memory=memory, threads=threads)
        parts = _parts(project, store, looked, formats, load, agenda, spread, lake)
    except duckdb.OutOfMemoryException as error:
        raise DataError(
            f"{store.folder}: the memory limit is too small or the disk is full; raise --memory or "
            f"free space ({_first_line(error)})"
        ) from None
    except (duckdb.IOException, OSError) as error:
        gone = next(
            (one.path for one in files if one.address is None and not one.path.exists()), None
        )
        if gone is not None:
            raise DataError(f"{gone}: this file went away while it was read; run again") from None
        raise DataError(
            f"{store.folder}: cannot be written: {_first_line(error)}; free space and run again: "
            "the previous warehouse is untouched, and files that are loaded stay loaded"
        ) from None
    check_rejected(project, parts)
    return parts


def _of(source: Source, looked: Sequence[Looked]) -> list[Looked]:
    return [one for one in looked if one.file.source.name == source.name]


def _parts(
    project: Project,
    store: Store,
    looked: Sequence[Looked],
    formats: dict[str, str],
    load: Callable[[Path, Waiting], tuple[Entry, Path]],
    agenda: Agenda,
    spread: Spread,
    lake: Lake | None,
) -> list[Part]:
    """The part of every file: the one that is there, or a new one, kept as soon as it is made."""
    said = [_said(project, one, formats[one.file.source.name]) for one in looked]
    store.clear()
    wanted = {key: one.file for one, (key, _) in zip(looked, said, strict=True)}
    parts = _there(store, lake, wanted)
    new: dict[str, Waiting] = {}
    for one, (key, how) in zip(looked, said, strict=True):
        if parts[key] is None:
            new.setdefault(key, Waiting(one, how))
    names = [one.looked.file.name for one in new.values()]
    if lake is None:
        made = spread(partial(load, store.making.resolve()), list(new.values()))
    else:
        loaded = lake.load(load, new)
        made = (kept_here(store.making, entry, rejects) for entry, rejects in loaded)
    for key, (entry, room) in zip(new, told(agenda, "loading", names, made), strict=True):
        parts[key] = store.keep(key, room, entry, wanted[key], is_far=lake is not None)
    found = [(parts[key], one) for one, (key, _) in zip(looked, said, strict=True)]
    return [_of_file(part, one.file) for part, one in found if part is not None]


def _of_file(part: Part, file: InputFile) -> Part:
    """A part as that of a file: the same content may have been loaded under another name."""
    return replace(part, file=file, entry=replace(part.entry, name=file.name))


def _there(
    store: Store, lake: Lake | None, wanted: Mapping[str, InputFile]
) -> dict[str, Part | None]:
    """The parts that were loaded before; of those in the lake alone, the store is told again."""
    if lake is None:
        return {key: store.find(key, file) for key, file in wanted.items()}
    held = lake.keys() & wanted.keys()
    parts = {
        key: store.find(key, file, is_far=True) if key in held else None
        for key, file in wanted.items()
    }
    untold = sorted(key for key in held if parts[key] is None)
    for key, (told_, rejects) in zip(untold, lake.told(untold), strict=True):
        entry, room = kept_here(store.making, told_, rejects)
        parts[key] = store.keep(key, room, entry, wanted[key], is_far=True)
    return parts


def _said(project: Project, one: Looked, written: str) -> tuple[str, HowRead]:
    """The name of a file's part, and how the file is read."""
    source = one.file.source
    settings: dict[str, Any] = source.model_dump(
        include={"columns", "delimiter", "encoding", "blank", "event", "channel"}
    )
    how: HowRead = {
        "time_format": written,
        "zone": source.timezone or project.timezone,
        "keep": list(dict.fromkeys(source.keep)),
        "plausible": (_microseconds(project.plausible_from), _microseconds(project.plausible_to)),
    }
    if source.known is not None:
        settings["known"] = source.format
    return part_key(one.file, one.profile.content_hash, {**settings, **how}), how


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
