"""A table → a .csv, .parquet or .json file, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from ..errors import DataError, nearest
from .lacking import own_words
from .names import among, literal, quote

_FORMATS = {".csv": "csv, header", ".parquet": "parquet, compression zstd", ".json": "json"}
_IS_FORMULA = among("left({0}, 1)", ("=", "+", "-", "@", "\t", "\r"))
_SAFE = f"case when {_IS_FORMULA} then '''' || {{0}} else {{0}} end as {{0}}"


def format_by_ending(path: Path) -> str:
    """Return what COPY calls the format of a file; raises DataError where its ending tells none."""
    found = _FORMATS.get(path.suffix.lower())
    if found is None:
        hint = nearest(path.suffix, _FORMATS)
        raise DataError(f"{path}: the ending does not tell a format; {hint}")
    return found


def write(
    execute: Callable[[str], object],
    name: str,
    columns: Iterable[tuple[str, str]],
    path: Path,
    *,
    in_order: bool = False,
) -> None:
    """Write a table to a file, sorted by all its columns, or `in_order` as its rows stand.

    `columns` are their names and types, and `execute` runs a statement where the table is. In CSV,
    text that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    kind = format_by_ending(path)
    listed = ", ".join(
        _SAFE.format(quote(column))
        if kind.startswith("csv") and typed == "VARCHAR"
        else quote(column)
        for column, typed in columns
    )
    order = "" if in_order else " order by all"
    part = path.with_name(path.name + ".part")
    try:
        execute(
            f"copy (select {listed} from {quote(name)}{order}) "
            f"to {literal(str(part))} (format {kind})"
        )
        part.replace(path)
    except (duckdb.IOException, OSError) as error:
        raise DataError(
            f"{path}: cannot be written ({own_words(error)}); name another place"
        ) from None
    finally:
        part.unlink(missing_ok=True)
