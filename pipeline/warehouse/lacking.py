"""What a reader is told of a table that a warehouse does not hold."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from ..errors import DataError, nearest
from ..models import Model, load_models

_COLUMNS = (
    "select column_name from information_schema.columns "
    "where table_catalog = current_database() and table_name = $name"
)
_LACKING = re.compile(r"Table with name (\w+) does not exist")
_UNKNOWN = re.compile(
    r'(?:Referenced column|does not have a column named|Values list .* does not have) "(\w+)"'
)
_DAMAGED = re.compile("orrupt|No magic bytes|No files found that match|not a valid DuckDB")


def own_words(error: Exception) -> str:
    """Return what an error says, without blank lines and its addresses of a manual."""
    lines = [line.rstrip() for line in str(error).splitlines()]
    return "\n".join(line for line in lines if line and "https://" not in line)


def no_table(name: str, tables: Collection[str], path: Path) -> DataError:
    """Return the error for a table that is not among those that there are."""
    if _is_made(name):
        return DataError(
            f"{path}: the table {name!r} is not in this warehouse: --only asked for others, or an "
            "older squiggle made it; name it in --only as well, or make all with 'squiggle run'"
        )
    return DataError(f"{path}: there is no table {name!r}; {nearest(name, tables)}")


def lacks(error: duckdb.Error, path: Path, built: duckdb.DuckDBPyConnection) -> DataError | None:
    """Return the error for the table or column that DuckDB does not find and a run would make."""
    if isinstance(error, duckdb.BinderException) and (column := _UNKNOWN.search(str(error))):
        named = column[1]
        if any(_is_older(model, named, built) for model in load_models()):
            return DataError(
                f"{path}: a column {named!r} is not in this warehouse: an older squiggle made it; "
                "make it again with 'squiggle run'"
            )
    found = _LACKING.search(str(error)) if isinstance(error, duckdb.CatalogException) else None
    return no_table(found[1], (), path) if found and _is_made(found[1]) else None


def _is_older(model: Model, column: str, built: duckdb.DuckDBPyConnection) -> bool:
    """Whether a table is there without a column that it has today."""
    if column not in {one.name for one in model.columns}:
        return False
    there = {name for (name,) in built.execute(_COLUMNS, {"name": model.name}).fetchall()}
    return bool(there) and column not in there


def damaged(error: duckdb.Error, path: Path) -> DataError | None:
    """Return the error for a warehouse, or for events behind it, that are no longer whole."""
    told = str(error).splitlines()[0]
    if not _DAMAGED.search(told):
        return None
    return DataError(
        f"{path}: the warehouse, or the event store behind it, is damaged or gone ({told}); make "
        "it again with 'squiggle run', and where that does not help, remove the folder of the "
        "event store first: the exports hold all that is in it"
    )


def is_held(error: Exception) -> bool:
    """Return whether the error says that another process holds the file for writing."""
    return "Conflicting lock" in str(error)


def _is_made(name: str) -> bool:
    """Whether a run makes a table of this name."""
    return any(name == model.name for model in load_models())
