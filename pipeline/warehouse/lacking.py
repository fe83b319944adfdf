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
    if any(name == model.name for model in load_models()):
        return DataError(
            f"{path}: the table {name!r} is not in this warehouse: --only asked for others, or an "
            "older squiggle made it; name it in --only as well, or make all with 'squiggle run'"
        )
    return DataError(f"{path}: there is no table {name!r}; {nearest(name, tables)}")


def lacks(error: duckdb.CatalogException, path: Path) -> DataError | None:
    """Return the error for the table that DuckDB does not find, where a run would make it."""
    found = _LACKING.search(str(error))
    if found is None or not any(found[1] == model.name for model in load_models()):
        return None
    return no_table(found[1], (), path)
