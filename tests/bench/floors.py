"""The floors: the least that has to be done to the same rows."""

from __future__ import annotations

from typing import Any

import duckdb

from .processes import Stopwatch


def scan_and_sort(log: str, memory: str, desk: str) -> dict[str, Any]:
    """Scan every column and sort by customer and time."""
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute(f"set temp_directory = '{desk}/floor.spill'")
        watch = Stopwatch()
        connection.execute(
            f"create temp table sorted as select * from {_rows(log)} "
            "order by coalesce(user_id, device_id), ts"
        )
        watch.lap("floor")
    return watch.figures()


def read(log: str, memory: str, desk: str) -> dict[str, Any]:
    """Read every value of every record, as text where the format is one of text."""
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory}'")
        watch = Stopwatch()
        connection.execute(f"select sum(hash(columns(*))) from {_rows(log)}").fetchall()
        watch.lap("reading")
    return watch.figures()


def _rows(log: str) -> str:
    if log.endswith(".csv"):
        return f"read_csv('{log}', all_varchar = true)"
    return f"read_json('{log}', format = 'newline_delimited')" if log.endswith("l") else f"'{log}'"
