"""An open DuckDB file, and the ways to ask it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

from ..errors import DataError, ModelError
from ..models import QUESTIONS, Model, through_views
from .connecting import connected, quiet
from .framing import arrow_of, frame_of
from .lacking import damaged, lacks, no_table, own_words
from .names import literal, quote
from .writing import format_by_ending, write

Rows = TypeVar("Rows")

# What only reads; PIVOT is several statements in one. ATTACH or COPY would get round read_only.
_ASKING = (duckdb.StatementType.SELECT, duckdb.StatementType.MULTI)


class Warehouse:
    """An open DuckDB file. Use it as a context manager; it closes at the end."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._profiles: list[Any] | None = None
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
        self._take_profile()

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
        with self._knowing():
            relation = self._connection.sql(sql, params=dict(parameters) if parameters else None)
        found = relation.to_arrow_table()
        self._take_profile()
        return found

    def profile(self) -> None:
        """From now on keep DuckDB's own profile of every statement that makes or reads rows."""
        self.execute("pragma enable_profiling = 'no_output'")
        self._profiles = []

    def profiles(self) -> list[Any]:
        """Return the profiles kept since this was asked last, as DuckDB's JSON has them."""
        taken, self._profiles = self._profiles or [], []
        return taken

    def lane(self) -> Warehouse:
        """Return another connection to the same tables, as this one sees them."""
        lane = Warehouse(quiet(self._connection.cursor()), self.path)
        path = self.scalar("select current_setting('search_path')")
        lane.execute(f"set search_path = {literal(path)}")
        if self._profiles is not None:
            lane.profile()
        return lane

    def interrupt(self) -> None:
        """End the statement that another thread runs here."""
        self._connection.interrupt()

    def take_profiles(self, lane: Warehouse) -> None:
        """Keep the profiles of a lane as one's own."""
        if self._profiles is not None:
            self._profiles += lane.profiles()

    def _take_profile(self) -> None:
        if self._profiles is None:
            return
        found = json.loads(self._connection.get_profiling_information(format="json"))
        if found.get("query", {}).get("total_intermediate_rows"):
            self._profiles.append(found)

    def register(self, name: str, rows: Any) -> None:
        """Make Arrow rows, or a stream of them, readable under a name."""
        self._connection.register(name, rows)

    def lay(self, model: Model, rows: pa.Table) -> None:
        """Make the rows of an asked model readable, in place of those of an earlier question."""
        self._connection.register("asked_rows", rows)
        try:
            self.execute(f"create or replace temp table {quote(model.name)} as from asked_rows")
        finally:
            self._connection.unregister("asked_rows")

    def make(self, model: Model) -> None:
        """Build a model as a temporary table, or view, and hold its columns against its header.

        Where the table that it needs is empty, it is empty too, and nothing is read.
        """
        kind = "view" if model.kind == "view" else "table"
        select = self.select_of(model)
        try:
            self.execute(f"create or replace temp {kind} {quote(model.name)} as\n{select}")
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
            raise ModelError(f"{model.path}: {error}") from error
        self.hold(model)

    def select_of(self, model: Model) -> str:
        """Return the SELECT that makes a model now: of no rows, where what it needs has none."""
        if model.needs is None or model.kind == "view":
            return model.sql
        is_empty = not self.scalar(f"select count(*) from {quote(model.needs)}")
        return f"from (\n{model.sql}\n) limit 0" if is_empty else model.sql

    def make_in_ranges(
        self, model: Model, models: Mapping[str, Model], ranges: Sequence[tuple[int, int]]
    ) -> None:
        """Build a model as a temporary table, range by range of its `ranges` column.

        Every table that it reads, and has the column, shows it only the range, so that its SELECT
        never holds more than that. `models` are those of a run and those of questions.
        """
        column = quote(model.ranges or "")
        read = [models[name] for name in through_views(model, models)]
        views = [one for one in read if one.kind == "view"]
        limited = {
            one.name: f"{quote(one.name + ' whole')}"
            if one.floor == QUESTIONS
            else f"{quote(str(self.scalar('select current_database()')))}.main.{quote(one.name)}"
            for one in read
            if one.kind != "view" and model.ranges in {own.name for own in one.columns}
        }
        asked = [name for name in limited if models[name].floor == QUESTIONS]
        for name in asked:
            self.execute(f"alter table temp.{quote(name)} rename to {limited[name]}")
        try:
            for number, (low, high) in enumerate(ranges):
                for name, whole in limited.items():
                    self.execute(
                        f"create or replace temp view {quote(name)} as "
                        f"select * from {whole} where {column} between {low} and {high}"
                    )
                for one in views:
                    self.execute(f"create or replace temp view {quote(one.name)} as\n{one.sql}")
                start = "create or replace temp table" if number == 0 else "insert into"
                end = "as" if number == 0 else ""
                self.execute(f"{start} {quote(model.name)} {end}\n{model.sql}")
        finally:
            for name in limited:
                self.execute(f"drop view if exists temp.{quote(name)}")
            for name in asked:
                self.execute(f"alter table temp.{limited[name]} rename to {quote(name)}")
            for one in views:
                if one.floor == QUESTIONS:
                    self.make(one)
                else:
                    self.execute(f"drop view if exists temp.{quote(one.name)}")
        self.hold(model)

    def hold(self, model: Model) -> None:
        """Hold the columns of a built model against its header; raises ModelError."""
        built = self.columns(model.name)
        promised = [(column.name, column.type) for column in model.columns]
        if built != promised:
            wrong = [f"{name} {kind}" for name, kind in built if (name, kind) not in promised]
            lacking = [f"{name} {kind}" for name, kind in promised if (name, kind) not in built]
            raise ModelError(
                f"{model.path}: the table is not what its header promises; "
                f"built but not promised: {wrong}; promised but not built: {lacking}; "
                "otherwise the order differs"
            )

    def table(self, name: str) -> pd.DataFrame:
        """Return a whole table as a frame, its columns as the data dictionary lists them."""
        if name not in self.tables():
            raise no_table(name, self.tables(), self.path)
        return self.frame(f"select * from {quote(name)}")

    def ask(self, sql: str) -> pd.DataFrame:
        """Return the result of a user's query; files and settings are out of its reach.

        Raises DataError with DuckDB's own words where the query is wrong.
        """
        return self._asked(sql, frame_of)

    def _asked(self, sql: str, taken: Callable[[duckdb.DuckDBPyConnection], Rows]) -> Rows:
        if not self.scalar("select current_setting('lock_configuration')"):
            self._connection.execute("set enable_external_access = false")
            self._connection.execute("set lock_configuration = true")
        try:
            statements = self._connection.extract_statements(sql)
            kinds = [statement.type for statement in statements]
            if not kinds:
                raise DataError("the query is empty; write for instance: from journeys limit 5")
            if len(kinds) > 1 or kinds[0] not in _ASKING:
                raise DataError(
                    "a query is one SELECT, which changes nothing; write its answer with 'squiggle "
                    "sql … --out', and ask one SELECT at a time"
                )
            with self._knowing():
                return taken(self._connection.execute(sql))
        except duckdb.PermissionException as error:
            raise DataError(
                "a query reads the tables of the warehouse, and neither files nor settings; ask "
                "'events' for events, and write files with 'squiggle sql … --out' "
                f"({own_words(error)})"
            ) from None
        except duckdb.Error as error:
            raise DataError(f"the query cannot be answered: {own_words(error)}") from None

    def export(self, name: str, path: Path) -> None:
        """Write a table to a .csv, .parquet or .json file.

        In CSV, text that a spreadsheet would run as a formula gets a leading apostrophe.
        """
        format_by_ending(path)
        if name not in self.tables():
            raise no_table(name, self.tables(), self.path)
        write(self.execute, name, self.columns(name), path)

    def export_answer(self, sql: str, path: Path) -> int:
        """Write the answer to a user's query, in its order, as `export` writes a table.

        Returns the number of its rows, which it holds; raises DataError as `ask` and `export` do.
        """
        format_by_ending(path)
        answer = self._asked(sql, arrow_of)
        # Files are out of reach of the connection that was asked.
        with Warehouse(connected(), Path(":memory:")) as apart:
            apart.register("answer", answer)
            write(apart.execute, "answer", apart.columns("answer"), path, in_order=True)
        return len(answer)

    def tables(self) -> list[str]:
        """Return the names of the tables and views, sorted."""
        found = self.rows(
            "select table_name from information_schema.tables "
            "where table_catalog = current_database() and table_schema = 'main' "
            "order by table_name"
        )
        return [name for (name,) in found]

    def columns(self, name: str) -> list[tuple[str, str]]:
        """Return name and type of each column of a table, in its order."""
        with self._knowing():
            bound = self._connection.sql(f"from {quote(name)}")  # cheaper than DESCRIBE: not run
        return list(zip(bound.columns, map(str, bound.types), strict=True))

    def _run(self, sql: str, parameters: Mapping[str, Any] | None) -> duckdb.DuckDBPyConnection:
        with self._knowing():
            return self._connection.execute(sql, dict(parameters) if parameters else None)

    @contextmanager
    def _knowing(self) -> Iterator[None]:
        """Tell what to do where a table or column is lacking, or the file is damaged."""
        try:
            yield
        except duckdb.Error as error:
            told = lacks(error, self.path, self._connection) or damaged(error, self.path)
            raise told or error from None
