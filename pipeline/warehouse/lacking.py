"""What a reader is told of a table that a warehouse does not hold."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from ..errors import DataError, nearest
from ..models import load_models

_LACKING = re.compile(r"Table with name (\w+) does not exist")


def no_table(name: str, tables: Collection[str], path: Path) -> DataError:
    """Return the error for a table that is not among those that there are."""
    if _is_made(name):
        return DataError(
            f"{path}: the table {name!r} is not in this warehouse: --only asked for others, or an "
            "older squiggle made it; name it in --only as well, or make all with 'squiggle run'"
        )
    return DataError(f"{path}: there is no table {name!r}; {nearest(name, tables)}")


def lacks(error: duckdb.CatalogException, path: Path) -> DataError | None:
    """Return the error for the table that DuckDB does not find, where a run would make it."""
    found = _LACKING.search(str(error))
    return no_table(found[1], (), path) if found and _is_made(found[1]) else None


def _is_made(name: str) -> bool:
    """Whether a run makes a table of this name."""
    return any(name == model.name for model in load_models())
