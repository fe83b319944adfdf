"""Which files are exports, and what to call them: sources and the patterns of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ..errors import DataError
from ..ingest.endings import advice, format_of
from .known import candidates


def exports_under(path: Path) -> Iterator[Path]:
    """Yield the files of a folder that may be exports, hidden ones left out, or the file itself."""
    if not path.is_dir():
        if not _is_export(path):
            if (told := advice(path)) is not None:
                raise DataError(f"{path}: this is {told}")
            raise DataError(
                f"{path}: the ending does not tell a format; rename it to .csv, .tsv, .jsonl, "
                ".parquet or .xes (.gz or .zst may follow)"
            )
        yield path
        return
    yield from (file for file in _under(path) if _is_export(file))


def passed_over(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of a folder that hold events and cannot be read, each with what to do."""
    for file in _under(path) if path.is_dir() else ():
        if not _is_export(file) and (told := advice(file)) is not None:
            yield file, f"this is {told}"


def _under(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        is_hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not is_hidden:
            yield file


def _is_export(path: Path) -> bool:
    return format_of(path) is not None or bool(candidates(path))


def group_name(path: Path, folder: Path, taken: set[str]) -> str:
    """Return a name for the source of a file: that of its folder, or its own; none twice."""
    is_plain = path.parent.name.lower() in ("", "data", "export", "exports", "source")
    is_beside = path.resolve().parent == folder.resolve()
    stem = re.split(r"[.]|[-_]?\d", path.name)[0]
    base = stem if is_plain or is_beside else path.parent.name
    base = re.sub(r"[^A-Za-z0-9]+", "_", base).strip("_").lower() or "source"
    number = 1
    while (name := base if number == 1 else f"{base}_{number}") in taken:
        number += 1
    return name


def patterns(paths: Sequence[Path], files: Sequence[Path], folder: Path) -> list[str]:
    """Return one pattern that matches these files and no other of `files`, or each file's path."""
    shown = [_relative(path, folder) for path in paths]
    if len(shown) == 1:
        return shown
    parent, _, first = shown[0].rpartition("/")
    start = re.match(r"[^\d*?\[\]]*", first)
    ending = "".join(Path(first).suffixes[-2:])
    pattern = f"{parent}/{start[0] if start else ''}*{ending}".lstrip("/" if not parent else "")
    others = {_relative(path, folder) for path in files} - set(shown)
    is_exact = not re.search(r"[\[\]*?]", parent) and all(
        fnmatchcase(path, pattern) for path in shown
    )
    return [pattern] if is_exact and not any(fnmatchcase(p, pattern) for p in others) else shown


def _relative(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.resolve().as_posix()
