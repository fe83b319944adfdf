"""Which files a project names, and in which format they are."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ..errors import DataError
from ..formats import Known
from ..project import Project, Source, is_address
from .endings import Format, advice, format_of


@dataclass(frozen=True)
class InputFile:
    """One exported file of one source; `name` is its path relative to the project file.

    `path` is where its bytes are read. A file at an `address` of Spark, which is its name too, has
    none until a task has brought it to hand.
    """

    source: Source
    source_no: int
    path: Path
    name: str
    format: Format
    size: int = 0
    address: str | None = None

    def at(self, path: Path) -> InputFile:
        """Return the same file with its bytes at a path."""
        return replace(self, path=path)


class Addresses(Protocol):
    """Lists files where only an engine can look; none may have more than `most` bytes."""

    @property
    def most(self) -> int: ...

    def __call__(self, pattern: str) -> Sequence[tuple[str, int]]:
        """Return address and bytes of each file that an address, a glob or a folder names."""
        ...


def find_files(project: Project, addresses: Addresses | None = None) -> list[InputFile]:
    """Return the files that the project names, by source in its order, then by name.

    Raises DataError that lists every pattern without a file.
    """
    found: list[InputFile] = []
    faults = []
    for source_no, source in enumerate(project.source, start=1):
        paths: dict[str, Path] = {}
        far: dict[str, int] = {}
        for pattern in source.files:
            where = f"[[source]] {source.name!r} files: {pattern!r}"
            try:
                if is_address(pattern):
                    there = dict(_far(addresses, pattern, source))
                    matched, far = {name: Path(name) for name in there}, far | there
                else:
                    here = _matches(project.folder, pattern, source)
                    matched = {_name(path, project.folder): path for path in here}
                    _refuse_odd_names(matched)
                    for own, wrong in _own(project, matched, source):
                        del matched[own]
                        if wrong is not None:
                            faults.append(f"{where}: {wrong}")
            except DataError as error:
                faults.append(f"{where}: {error}")
                continue
            if not matched:
                faults.append(f"{where} matches no file")
            paths |= matched
        for name, path in sorted(paths.items()):
            wrong = _too_large(far[name], addresses) if name in far else _irregular(path)
            if wrong:
                faults.append(f"{name}: {wrong}")
                continue
            kind = _kind(path, source)
            if kind is None:
                told = advice(path)
                faults.append(
                    f"{name}: this is {told}"
                    if told is not None
                    else f"{name}: the ending does not tell the format; "
                    f"set format = 'csv', 'jsonl' or 'parquet' in [[source]] {source.name!r}"
                )
                continue
            if name not in far:
                size = path.stat().st_size
                found.append(InputFile(source, source_no, path.absolute(), name, kind, size))
            elif far[name]:
                found.append(InputFile(source, source_no, path, name, kind, far[name], name))
            else:  # there is nothing to bring
                found.append(InputFile(source, source_no, Path(os.devnull), name, kind))
    faults.extend(_provisional(found))
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise DataError(f"{project.folder}: exports cannot be found:\n{listed}")
    return found


def is_export(project: Project, path: Path) -> bool:
    """Whether a file is one that the project reads."""
    here = _real(path)
    return any(
        _real(found) == here
        for source in project.source
        for pattern in source.files
        if not is_address(pattern)
        for found in _matches(project.folder, pattern, source)
    )


def replaced(names: Sequence[str], mark: str) -> dict[str, str]:
    """Return the provisional files, told by a mark in their names, each with its final one.

    >>> replaced(["web/day_intraday_7.jsonl", "web/day_7.jsonl.gz", "web/day_8.jsonl"], "intraday_")
    {'web/day_intraday_7.jsonl': 'web/day_7.jsonl.gz'}
    """
    there = {_stem(name): name for name in names}
    found = {}
    for name in names:
        folder, slash, file = _stem(name).rpartition("/")
        final = folder + slash + file.replace(mark, "")
        if mark in file and final in there:
            found[name] = there[final]
    return found


def _provisional(found: Sequence[InputFile]) -> Iterator[str]:
    """What is wrong with files of which the final ones, with the same events, are there too."""
    names = [file.name for file in found]
    finals: dict[str, dict[str, str]] = {}
    for file in found:
        mark = file.source.known.provisional if file.source.known is not None else None
        if mark is None:
            continue
        if mark not in finals:
            finals[mark] = replaced(names, mark)
        final = finals[mark].get(file.name)
        if final is not None:
            yield (
                f"{file.name}: {final} holds the same events, in their final form; "
                f"remove this file, or leave it out of files in [[source]] {file.source.name!r}"
            )


def _stem(name: str) -> str:
    """A path up to the first dot in the name of the file, without BigQuery's number of a part."""
    folder, slash, file = name.rpartition("/")
    return folder + slash + re.sub(r"-\d{12}$", "", file.partition(".")[0])


def _kind(path: Path, source: Source) -> Format | None:
    """The format of a file of a source: of a known export, the ending tells, else what it says."""
    if source.known is None:
        return format_of(path, source.format)
    return "jsonl" if unfolds(path, source.known) else format_of(path) or source.known.files


def unfolds(path: Path, known: Known | None) -> bool:
    """Whether a file of a known export is one that must be unfolded, by its ending."""
    plain = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return known is not None and bool(known.unfolds) and plain.endswith(known.unfolds)


def _is_told(path: Path, source: Source) -> bool:
    """Whether a file in a folder that a source names is one of its exports, by its ending."""
    return format_of(path) is not None or unfolds(path, source.known)


def _own(
    project: Project, matched: Mapping[str, Path], source: Source
) -> list[tuple[str, str | None]]:
    """What a run writes itself is no export: the names of such files among those matched.

    With each what is wrong, where the project file has a run write over what looks like an export.
    """
    written = {"warehouse": project.warehouse_path, "report": project.report_path}
    places = {key: _real(path) for key, path in written.items()}
    tables = project.warehouse_path.with_suffix(".tables").resolve()
    parents = {parent for path in matched.values() for parent in path.parents}
    inside = {parent for parent in parents if _real(parent) == tables or _is_store(parent)}
    found: list[tuple[str, str | None]] = []
    for name, path in matched.items():
        place = _real(path)
        keys = [key for key, own in places.items() if own == place]
        if keys:
            told = f"{keys[0]} = {name!r} is an export and would be overwritten by a run"
            found.append((name, told if _is_told(path, source) else None))
        elif not inside.isdisjoint(path.parents):
            found.append((name, None))
    return found


def _is_store(folder: Path) -> bool:
    """Whether a folder is an event store: this project's, or that of a run beside it."""
    return any(folder.glob("parts/*/entry.json"))


def _is_hidden(path: Path, base: Path) -> bool:
    parts = path.relative_to(base).parts
    return any(part.startswith(".") and part != ".." for part in parts)


def _matches(folder: Path, pattern: str, source: Source) -> Iterator[Path]:
    whole = Path(pattern)
    path = whole if whole.is_absolute() else folder / pattern
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file() and _is_told(file, source) and not _is_hidden(file, path):
                yield file
    elif path.exists():
        yield path
    else:
        base = Path(whole.anchor) if whole.is_absolute() else folder
        relative = str(whole.relative_to(whole.anchor)) if whole.is_absolute() else pattern
        dotted = any(part.startswith(".") and part.strip(".") for part in Path(relative).parts)
        try:
            found = list(base.glob(relative))
        except ValueError as error:
            raise DataError(
                f"this is no pattern ({error}); write for instance 'exports/**/*.csv'"
            ) from None
        for file in found:
            if not file.is_dir() and (dotted or not _is_hidden(file, base)):
                yield file


def _refuse_odd_names(names: Iterable[str]) -> None:
    """Raise DataError for a file whose name, as zips of other systems have them, is no UTF-8."""
    for name in names:
        if not is_utf8(name):
            shown = name.encode("utf-8", "backslashreplace").decode()
            raise DataError(f"the name of {shown} is no UTF-8; rename the file")


def is_utf8(text: str) -> bool:
    """Whether a text of the system, such as a name or an argument, can be written as UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _far(addresses: Addresses | None, pattern: str, source: Source) -> Iterator[tuple[str, int]]:
    """The files at an address: what is matched itself, and the exports in folders, by ending."""
    if addresses is None:
        raise DataError(
            "this is an address, which only Spark reads; run with --engine spark, or mount it here "
            "and name the folder"
        )
    for name, size in addresses(pattern):
        is_matched = name.count("/") == pattern.count("/")
        if is_matched or _is_told(Path(name), source):
            yield name, size


def _too_large(size: int, addresses: Addresses | None) -> str | None:
    if addresses is None or size <= addresses.most:
        return None
    return (
        f"this has {size:,} bytes, and Spark brings files of at most {addresses.most:,} to its "
        "tasks; cut the export into smaller files"
    )


def _irregular(path: Path) -> str | None:
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return None
    except OSError as error:
        return f"this cannot be read ({error.strerror}); mend or remove the link"
    return "this is not a regular file; remove it, or name the files one by one"


def _name(path: Path, folder: Path) -> str:
    try:
        return _real(path).relative_to(_real(folder)).as_posix()
    except ValueError:
        return _real(path).as_posix()


def _real(path: Path) -> Path:
    """Where a path leads; a link in a circle, which leads nowhere, as far as it goes."""
    return Path(os.path.realpath(path))
