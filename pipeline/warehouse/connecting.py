"""A connection to DuckDB, as all of ours are."""

from __future__ import annotations

from contextlib import suppress

import duckdb

OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def connected() -> duckdb.DuckDBPyConnection:
    """Return a connection in memory that stays offline, counts in UTC, and prints nothing."""
    return quiet(duckdb.connect(config=dict(OFFLINE)))


def quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Have a connection count in UTC and print nothing; another to the same file has to be told."""
    connection.execute("set TimeZone = 'UTC'")
    with suppress(duckdb.InvalidInputException):  # a notebook that cannot draw the bar has none
        connection.execute("set enable_progress_bar = false")
    return connection
