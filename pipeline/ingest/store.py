"""The event store: one immutable part per input file, kept by atomic rename, found by content."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ..errors import DataError
from .files import InputFile

_FILES = ["events.parquet", "rejects.parquet"]
_SIZES = "sizes"
"""Member of an entry: the bytes of each of its files."""


@dataclass(frozen=True)
class Entry:
    """What the ledger holds of one part; counts are rows, `rows_read` is counted by bytes."""

    name: str
    content_hash: str
    bytes: int
    time_format: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    first_us: int | None
    last_us: int | None
    dst_gap_rows: int
    dst_overlap_rows: int
    fault: str | None


@dataclass(frozen=True)
class Part:
    """One input file as the store holds it: `events` and `rejects` are Parquet files.

    Where events are kept in a lake, there is no file of them here.
    """

    file: InputFile
    entry: Entry
    events: Path
    rejects: Path


def part_key(file: InputFile, content_hash: str, settings: dict[str, Any]) -> str:
    """Return the name of a part: what the file holds, how it is to be read, and by what code."""
    read_as = json.dumps([reader(), file.format, settings], sort_keys=True, default=str)
    return f"{content_hash[:24]}-{hashlib.sha256(read_as.encode()).hexdigest()[:12]}"


@cache
def reader() -> str:
    """Return a fingerprint of all that reads exports: parts made by another one are made anew.

    DuckDB's release belongs to it: the hashes that records are told apart by are its own.
    """
    found = hashlib.sha256(duckdb.__version__.encode())
    package = Path(__file__).parents[1]
    for room in ("ingest", "formats", "project"):
        for path in sorted((package / room).glob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


class Store:
    """A folder of parts; only the process that holds its lock may add to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = folder / "parts"
        self.making = folder / "making"

    def find(self, key: str, file: InputFile, *, is_far: bool = False) -> Part | None:
        """Return the part of this name, or None where the file has not been loaded.

        Nor has one of which a file is lacking, or is not as it was written. Of a part that `is_far`
        the events are in a lake.
        """
        folder = self.parts / key
        try:
            told = json.loads((folder / "entry.json").read_text(encoding="utf-8"))
            sizes = told.pop(_SIZES, {})
            entry = Entry(**told)
            is_whole = all((folder / name).stat().st_size == size for name, size in sizes.items())
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        there = ["rejects.parquet"] if is_far or not entry.rows_accepted else _FILES
        if not is_whole or not all((folder / name).is_file() for name in there):
            return None
        return Part(file, entry, folder / "events.parquet", folder / "rejects.parquet")

    def keep(
        self, key: str, room: Path, entry: Entry, file: InputFile, *, is_far: bool = False
    ) -> Part:
        """Move a finished part into place; it is all there, or not there at all."""
        sizes = {path.name: path.stat().st_size for path in room.iterdir() if path.is_file()}
        told = {**asdict(entry), _SIZES: {name: sizes[name] for name in _FILES if name in sizes}}
        text = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False)
        (room / "entry.json").write_text(text, encoding="utf-8")
        for path in room.iterdir():
            _sync(path)
        self.parts.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.parts / key, ignore_errors=True)
        Path(room).replace(self.parts / key)
        _sync(self.parts)
        found = self.find(key, file, is_far=is_far)
        assert found is not None
        return found

    def clear(self) -> None:
        """Remove what was half made."""
        shutil.rmtree(self.making, ignore_errors=True)

    def forget_others(self, keys: set[str]) -> None:
        """Remove parts that no file of the project stands behind any more."""
        self.clear()
        for folder in self.parts.iterdir() if self.parts.is_dir() else ():
            if folder.name not in keys:
                shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def locked(folder: Path) -> Iterator[Store]:
    """Hold the store for one run; raises DataError at once where another run holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DataError(
                f"{folder}: another run (process {lock.read().strip() or 'unknown'}) is at work "
                "here; wait until it ends"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield Store(folder)
