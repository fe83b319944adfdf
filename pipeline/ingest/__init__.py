"""Ingest: exported files → the event store, every row accounted for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from ..errors import DataError
from ..progress import Agenda
from ..project import Project, Source
from .files import find_files
from .limits import check_rejected
from .load import HowRead, load
from .look import Looked, check_columns, look, time_format
from .store import Part, Store, part_key
from .typed import REASONS

__all__ = ["REASONS", "Part", "ingest", "kept_columns"]


def ingest(
    project: Project,
    store: Store,
    *,
    memory: str | None = None,
    threads: int | None = None,
    agenda: Agenda | None = None,
) -> list[Part]:
    """Load every file that the project names into the store, and return the parts in order.

    A file whose content has been loaded before, read the same way, is not read again. Raises
    DataError where more is rejected than `max_rejected` allows, or where the disk is full.
    """
    agenda = agenda or Agenda(None, ())
    files = find_files(project)
    agenda.files([(file.name, file.format, file.path.stat().st_size) for file in files])
    looked = []
    for file in files:
        agenda.begin("looking", file.name)
        looked.append(look(file))
    check_columns(project, looked)
    formats = {
        source.name: time_format(source, [one for one in looked if one.file.source is source])
        for source in project.source
    }
    parts = []
    try:
        for one in looked:
            agenda.begin("loading", one.file.name)
            found = formats[one.file.source.name]
            parts.append(_part(project, store, one, found, memory, threads))
    except duckdb.OutOfMemoryException as error:
        raise DataError(
            f"{store.folder}: the memory limit is too small or the disk is full; raise --memory or "
            f"free space ({_first_line(error)})"
        ) from None
    except (duckdb.IOException, OSError) as error:
        raise DataError(
            f"{store.folder}: cannot be written: {_first_line(error)}; free space and run again: "
            "the previous warehouse is untouched, and files that are loaded stay loaded"
        ) from None
    check_rejected(project, parts)
    return parts


def kept_columns(project: Project, source: Source) -> list[str]:
    """Return the export's own columns that are carried along: kept ones, in the order declared."""
    return list(dict.fromkeys(source.keep))


def _part(
    project: Project,
    store: Store,
    one: Looked,
    written: str,
    memory: str | None,
    threads: int | None,
) -> Part:
    """The part of a file: the one that is there, or a new one."""
    source = one.file.source
    settings: dict[str, Any] = source.model_dump(
        include={"columns", "delimiter", "encoding", "blank", "event", "channel"}
    )
    how: HowRead = {
        "time_format": written,
        "zone": source.timezone or project.timezone,
        "keep": kept_columns(project, source),
        "plausible": (_microseconds(project.plausible_from), _microseconds(project.plausible_to)),
    }
    if source.known is not None:
        settings["known"] = source.format
    key = part_key(one.file, one.profile.content_hash, {**settings, **how})
    part = store.find(key, one.file)
    if part is not None:
        return part
    room = store.room(key)
    entry = load(one, room, memory=memory, threads=threads, **how)
    return store.keep(key, room, entry, one.file)


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
