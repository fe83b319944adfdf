"""Which files a project names, and what their bytes say before any parser reads them."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np

from ..errors import DataError
from ..project import Project, Source
from .streams import open_countable

Format = Literal["csv", "jsonl", "parquet"]
_ENDINGS: dict[str, Format] = {
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "jsonl"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
}
_BLOCK = 4 << 20
LONGEST_RECORD = 16 << 20


@dataclass(frozen=True)
class InputFile:
    """One exported file of one source; `name` is its path relative to the project file."""

    source: Source
    source_no: int
    path: Path
    name: str
    format: Format


@dataclass(frozen=True)
class Profile:
    """What one pass over a file's bytes found, independently of the parser that loads it.

    `records` counts what stands between line ends outside quotes, blank lines left out and the
    header included; None for Parquet. `fault` says why the file cannot be read at all.
    """

    content_hash: str
    bytes: int
    records: int | None
    longest: int
    is_utf8: bool
    fault: str | None


def find_files(project: Project) -> list[InputFile]:
    """Return the files that the project names, by source in its order, then by name.

    Raises DataError that lists every pattern without a file.
    """
    found: list[InputFile] = []
    faults = []
    for source_no, source in enumerate(project.source, start=1):
        paths: dict[str, Path] = {}
        for pattern in source.files:
            matched = list(_matches(project.folder, pattern))
            if not matched:
                faults.append(f"[[source]] {source.name!r} files: {pattern!r} matches no file")
            paths |= {_name(path, project.folder): path for path in matched}
        for name, path in sorted(paths.items()):
            if not stat.S_ISREG(path.stat().st_mode):
                faults.append(f"{name}: this is not a regular file")
                continue
            kind = format_of(path, source.format)
            if kind is None:
                faults.append(
                    f"{name}: the ending does not tell the format; "
                    f"set format = 'csv', 'jsonl' or 'parquet' in [[source]] {source.name!r}"
                )
                continue
            found.append(InputFile(source, source_no, path, name, kind))
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise DataError(f"{project.folder}: exports cannot be found:\n{listed}")
    return found


def format_of(path: Path, declared: str = "auto") -> Format | None:
    """Return the format that is declared, or that the ending tells; None where neither does."""
    if declared != "auto":
        return cast(Format, declared)
    endings = [ending.lower() for ending in path.suffixes]
    while endings and endings[-1] in (".gz", ".zst"):
        endings.pop()
    return _ENDINGS.get(endings[-1]) if endings else None


def _matches(folder: Path, pattern: str) -> Iterator[Path]:
    whole = Path(pattern)
    path = whole if whole.is_absolute() else folder / pattern
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file() and format_of(file))
    elif path.exists():
        yield path
    else:
        base = Path(whole.anchor) if whole.is_absolute() else folder
        relative = str(whole.relative_to(whole.anchor)) if whole.is_absolute() else pattern
        yield from (file for file in base.glob(relative) if not file.is_dir())


def _name(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def profile(file: InputFile) -> Profile:
    """Read a file once and return its hash, its record count and what is wrong with it."""
    digest = hashlib.sha256()
    with file.path.open("rb") as raw:
        while block := raw.read(_BLOCK):
            digest.update(block)
    size = file.path.stat().st_size
    if file.format == "parquet":
        return Profile(digest.hexdigest(), size, None, 0, True, None)
    counter = _Counter(quoted=file.format == "csv")
    fault = None
    try:
        with open_countable(file.path, file.source.encoding) as plain:
            while block := plain.read(_BLOCK):
                counter.add(block)
                if counter.longest > LONGEST_RECORD:
                    fault = f"a record is longer than {LONGEST_RECORD >> 20} MB"
                    break
        counter.finish()
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        fault = f"the archive is damaged or cut short ({error})"
    if fault is None and file.format == "csv" and counter.in_quotes:
        fault = "a quote is opened and never closed"
    return Profile(
        digest.hexdigest(), size, counter.records, counter.longest, counter.is_utf8, fault
    )


class _Counter:
    """Counts records by line ends outside quotes, without looking at columns."""

    def __init__(self, *, quoted: bool) -> None:
        self._quoted = quoted
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self.is_utf8 = True
        self.records = 0
        self.longest = 0
        self.in_quotes = False
        self._pending = 0
        self._blank = True

    def add(self, block: bytes) -> None:
        if self.is_utf8:
            try:
                self._utf8.decode(block)
            except UnicodeDecodeError:
                self.is_utf8 = False
        data = np.frombuffer(block, dtype=np.uint8)
        ends = np.flatnonzero(data == 10)
        if self._quoted:
            quotes = np.flatnonzero(data == 34)
            before = np.searchsorted(quotes, ends)
            ends = ends[(before + int(self.in_quotes)) % 2 == 0]
            self.in_quotes = bool((len(quotes) + int(self.in_quotes)) % 2)
        inked = np.flatnonzero((data != 10) & (data != 13) & (data != 32) & (data != 9))
        upto = np.searchsorted(inked, ends)
        starts = np.concatenate(([0], upto))
        has_ink = np.diff(starts) > 0
        if len(ends):
            has_ink[0] = has_ink[0] or not self._blank
            self.records += int(has_ink.sum())
            widths = np.diff(np.concatenate(([-1 - self._pending], ends)))
            self.longest = max(self.longest, int(widths.max()))
            self._pending = len(data) - int(ends[-1]) - 1
            self._blank = int(upto[-1]) == len(inked)
        else:
            self._pending += len(data)
            self._blank = self._blank and not len(inked)
        self.longest = max(self.longest, self._pending)

    def finish(self) -> None:
        if not self._blank:
            self.records += 1
        if self.is_utf8:
            try:
                self._utf8.decode(b"", True)
            except UnicodeDecodeError:
                self.is_utf8 = False
