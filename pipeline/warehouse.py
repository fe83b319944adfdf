"""The one door to DuckDB: opening, asking, building beside and moving into place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from .errors import DataError, ModelError, SquiggleError, nearest
from .models import Model

_OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def quote(name: str) -> str:
    """Return `name` as a quoted SQL identifier.

    >>> quote('a "b"')
    '"a ""b""\"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return `text` as a quoted SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


class Warehouse:
    """An open DuckDB file. Use it as a context manager; it closes at the end."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self.path = path

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement whose result nobody reads."""
        self._run(sql, parameters).fetchall()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query as tuples."""
        return self._run(sql, parameters).fetchall()

    def scalar(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the first value of the first row, or None where there is no row."""
        found = self.rows(sql, parameters)
        return found[0][0] if found else None

    def frame(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return the result of a query as a frame. For small results: it holds every row."""
        return self._run(sql, parameters).df()

    def arrow(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Return the result of a query as an Arrow table."""
        relation = self._connection.sql(sql, params=dict(parameters) if parameters else None)
        return relation.to_arrow_table()

    def register(self, name: str, rows: Any) -> None:
        """Make Arrow rows, or a stream of them, readable under a name."""
        self._connection.register(name, rows)

    def table(self, name: str) -> pd.DataFrame:
        """Return a whole table as a frame, its columns as the data dictionary lists them."""
        if name not in self.tables():
            hint = nearest(name, self.tables())
            raise DataError(f"{self.path}: there is no table {name!r}; {hint}")
        return self.frame(f"select * from {quote(name)}")

    def ask(self, sql: str) -> pd.DataFrame:
        """Return the result of a user's query; files and settings are out of its reach.

        Raises DataError with DuckDB's own words where the query is wrong.
        """
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        try:
            return self._connection.execute(sql).df()
        except duckdb.Error as error:
            raise DataError(f"the query cannot be answered: {error}") from None

    def export(self, name: str, path: Path) -> None:
        """Write a table to a .csv, .parquet or .json file.

        In CSV, text that a spreadsheet would run as a formula gets a leading apostrophe.
        """
        formats = {".csv": "csv, header", ".parquet": "parquet, compression zstd", ".json": "json"}
        kind = formats.get(path.suffix.lower())
        if kind is None:
            hint = nearest(path.suffix, formats)
            raise DataError(f"{path}: the ending does not tell a format; {hint}")
        if name not in self.tables():
            hint = nearest(name, self.tables())
            raise DataError(f"{self.path}: there is no table {name!r}; {hint}")
        safe = "case when left({0}, 1) in ('=', '+', '-', '@', chr(9), chr(13)) then '''' || {0} else {0} end as {0}"
        listed = ", ".join(
            safe.format(quote(column))
            if kind.startswith("csv") and typed == "VARCHAR"
            else quote(column)
            for column, typed in self.columns(name)
        )
        self.execute(
            f"copy (select {listed} from {quote(name)} order by all) "
            f"to {literal(str(path))} (format {kind})"
        )

    def tables(self) -> list[str]:
        """Return the names of the tables and views, sorted."""
        found = self.rows(
            "select table_name from information_schema.tables "
            "where table_schema = 'main' order by table_name"
        )
        return [name for (name,) in found]

    def columns(self, name: str) -> list[tuple[str, str]]:
        """Return name and type of each column of a table, in its order."""
        return [(row[0], row[1]) for row in self.rows(f"describe {quote(name)}")]

    def build(self, model: Model) -> None:
        """Make the table or view of a model and hold its columns against its header."""
        kind = "view" if model.kind == "view" else "table"
        try:
            self.execute(f"create {kind} {quote(model.name)} as\n{model.sql}")
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
            raise ModelError(f"{model.path}: {error}") from error
        self._keep_promise(model)

    def fill(self, model: Model, rows: pa.Table) -> None:
        """Make the table of a model that Python fills; the header decides types and order."""
        listed = ", ".join(f"{quote(column.name)} {column.type}" for column in model.columns)
        names = ", ".join(quote(column.name) for column in model.columns)
        self.execute(f"create table {quote(model.name)} ({listed})")
        self._connection.register("incoming_rows", rows)
        try:
            self.execute(
                f"insert into {quote(model.name)} ({names}) select {names} from incoming_rows"
            )
        finally:
            self._connection.unregister("incoming_rows")
        self._comment(model)

    def view(self, model: Model, sql: str) -> None:
        """Make the view of a model whose SELECT Python wrote (the event store's door)."""
        self.execute(f"create view {quote(model.name)} as\n{sql}")
        self._keep_promise(model)

    def _keep_promise(self, model: Model) -> None:
        built = self.columns(model.name)
        promised = [(column.name, _type(column.type)) for column in model.columns]
        if built != promised:
            wrong = [f"{name} {kind}" for name, kind in built if (name, kind) not in promised]
            lacking = [f"{name} {kind}" for name, kind in promised if (name, kind) not in built]
            raise ModelError(
                f"{model.path}: the table is not what its header promises; "
                f"built but not promised: {wrong}; promised but not built: {lacking}; "
                "otherwise the order differs"
            )
        self._comment(model)

    def _comment(self, model: Model) -> None:
        kind = "view" if model.kind == "view" or model.name == "loaded_events" else "table"
        self.execute(f"comment on {kind} {quote(model.name)} is {literal(model.summary)}")
        for column in model.columns:
            place = f"{quote(model.name)}.{quote(column.name)}"
            self.execute(f"comment on column {place} is {literal(column.meaning)}")

    def _run(self, sql: str, parameters: Mapping[str, Any] | None) -> duckdb.DuckDBPyConnection:
        return self._connection.execute(sql, dict(parameters) if parameters else None)


def _type(name: str) -> str:
    return {"TEXT": "VARCHAR", "INT": "INTEGER"}.get(name, name)


def open_warehouse(path: Path | str, *, read_only: bool = True) -> Warehouse:
    """Return the warehouse in the file, open for questions.

    Raises DataError where there is none, or where another process holds it for writing.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path}: there is no warehouse; make it with 'squiggle run'")
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=dict(_OFFLINE))
    except duckdb.IOException as error:
        raise DataError(f"{path}: cannot be opened: {error}") from None
    connection.execute("set TimeZone = 'UTC'")
    return Warehouse(connection, path)


def scratch(
    *, memory: str | None = None, threads: int | None = None, folder: Path | None = None
) -> Warehouse:
    """Return an empty warehouse in memory, for typing and sorting; it spills into `folder`."""
    connection = duckdb.connect(config=dict(_OFFLINE))
    _settle(connection, memory, threads, folder)
    return Warehouse(connection, Path(":memory:"))


@contextmanager
def building(
    path: Path, *, memory: str | None = None, threads: int | None = None
) -> Iterator[Warehouse]:
    """Open a new warehouse beside `path` and move it into place when the block ends well.

    Until then readers see the warehouse that was there before, whatever happens.
    """
    part = path.with_name(path.name + ".part")
    spill = path.with_name(path.name + ".spill")
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove(part)
    connection = duckdb.connect(str(part), config=dict(_OFFLINE))
    _settle(connection, memory, threads, spill)
    built = Warehouse(connection, part)
    try:
        yield built
        connection.execute("checkpoint")
        connection.close()
        with part.open("rb") as file:
            os.fsync(file.fileno())
        Path(part).replace(path)
    except duckdb.OutOfMemoryException as error:
        raise DataError(
            f"{path}: the memory limit is too small or the disk is full; raise --memory or free "
            f"space in {path.parent} ({str(error).splitlines()[0]})"
        ) from None
    except (duckdb.IOException, OSError) as error:
        raise DataError(
            f"{path}: cannot be written: {str(error).splitlines()[0]}; the previous warehouse, "
            "if there was one, is untouched"
        ) from None
    finally:
        connection.close()
        _remove(part)
        if spill.is_dir():
            for left in spill.iterdir():
                left.unlink(missing_ok=True)
            spill.rmdir()


def _settle(
    connection: duckdb.DuckDBPyConnection,
    memory: str | None,
    threads: int | None,
    spill: Path | None,
) -> None:
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        if memory:
            connection.execute(f"set memory_limit = {literal(memory)}")
        if threads:
            connection.execute(f"set threads = {int(threads)}")
        if spill:
            connection.execute(f"set temp_directory = {literal(str(spill))}")
    except duckdb.Error as error:
        raise SquiggleError(f"--memory {memory!r} is not understood: {error}") from None


def _remove(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".wal").unlink(missing_ok=True)
