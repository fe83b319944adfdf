"""Making the tables of a warehouse: they keep what their models promise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from ..errors import DataError, ModelError
from ..models import Model, through_views
from .asking import Warehouse
from .lacking import is_held
from .lanes import side_by_side
from .names import literal, quote
from .space import bytes_of, space, told_space


class Making(Warehouse):
    """A warehouse that is being made, with a place in memory for working tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        super().__init__(connection, path)
        self._catalog = str(self.scalar("select current_database()"))
        self._comments: list[str] = []
        self._views = {"loaded_events"}
        self.at = ""
        """The table that is being made, for errors; empty: none is."""
        self.execute("attach ':memory:' as work")
        main = literal(f"{quote(self._catalog)}.main,work.main")
        self.execute(f"set search_path = {main}")

    def build(self, model: Model) -> None:
        """Make the table or view of a model and hold its columns against its header.

        Where the table that it needs is empty, it is empty too, and nothing is read.
        """
        kind = "view" if model.kind == "view" else "table"
        try:
            self.execute(f"create {kind} {self._place(model)} as\n{self.select_of(model)}")
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
            raise ModelError(f"{model.path}: {error}") from error
        self._keep_promise(model)

    def build_in_ranges(
        self, model: Model, models: Mapping[str, Model], ranges: Sequence[tuple[int, int]]
    ) -> None:
        """Make the table of a model range by range of its `ranges` column.

        Every table that it reads, and has the column, shows it only the range: so its SELECT works
        on rows that fit into the cache, and the result is the same, or adds up to the same, as on
        the whole.
        """
        column = quote(model.ranges or "")
        read = through_views(model, models)
        limited = [
            name
            for name in read
            if models[name].kind != "view"
            and model.ranges in {one.name for one in models[name].columns}
        ]
        views = [name for name in read if models[name].kind == "view"]
        target = self._place(model)

        def insert(lane: Warehouse, low: int, high: int) -> None:
            for name in limited:
                lane.execute(
                    f"create or replace temp view {quote(name)} as select * from "
                    f"{self._place(models[name])} where {column} between {low} and {high}"
                )
            for name in views:
                lane.execute(f"create or replace temp view {quote(name)} as {models[name].sql}")
            lane.execute(f"insert into {target}\n{model.sql}")

        self.execute(f"create table {target} as from (\n{model.sql}\n) limit 0")
        side_by_side(self, ranges, insert)
        self._keep_promise(model)

    def fill(self, model: Model, rows: pa.Table) -> None:
        """Make the table of a model that Python fills; the header decides types and order."""
        names = ", ".join(quote(column.name) for column in model.columns)
        self.execute(_empty(quote(model.name), model))
        self._connection.register("incoming_rows", rows)
        try:
            self.execute(
                f"insert into {quote(model.name)} ({names}) select {names} from incoming_rows"
            )
        finally:
            self._connection.unregister("incoming_rows")
        self._comment(model)

    def fill_by(self, model: Model, make: Callable[[], pa.Table]) -> None:
        """Make the table of a model from rows that `make` works out of those that it reads."""
        self.fill(model, make())

    def arrow_of(self, sql: str, rows: pa.Table) -> pa.Table:
        """Return the result of a query over `incoming_rows`, which are these rows."""
        self._connection.register("incoming_rows", rows)
        try:
            return self.arrow(sql)
        finally:
            self._connection.unregister("incoming_rows")

    def fill_changes(self, model: Model, before: Path) -> None:
        """Make the table of strong ids whose customer was another in the warehouse `before`.

        A warehouse that cannot be read, is older than its tables, or has pseudonyms by another key,
        has nothing to compare. Raises DataError where another process holds it for writing.
        """
        self.execute(_empty(self._place(model), model))
        self._comment(model)
        if not before.is_file():
            return
        try:
            self.execute(f"attach {literal(str(before))} as earlier (read_only)")
        except (duckdb.Error, DataError) as error:
            if not is_held(error):
                return
            raise DataError(
                f"{before}: another process holds it for writing, so nobody can tell which ids "
                "have changed hands since; close that process and run again"
            ) from None
        with suppress(duckdb.Error, DataError):
            self.execute(
                f"insert into {self._place(model)} "
                "select now.kind, now.value, once.customer_id, now.customer_id "
                "from identity_map as now inner join earlier.main.identity_map as once "
                "on once.kind = now.kind and once.value = now.value "
                "where now.is_strong and once.is_strong "
                "and now.customer_id <> once.customer_id and exists (from cfg_pseudonyms "
                "inner join earlier.main.cfg_pseudonyms using (pseudonym_key))"
            )
        self.execute("detach earlier")

    def view(self, model: Model, sql: str) -> None:
        """Make the view of a model whose SELECT Python wrote (the event store's door)."""
        self.execute(f"create view {quote(model.name)} as\n{sql}")
        self._keep_promise(model)

    def keep_only(self, names: Collection[str]) -> None:
        """Drop every view, and every table but those named, of the warehouse that it began with."""
        for kind, dropped in (("view", self._listed("view")), ("table", self._listed("table"))):
            for name in dropped:
                if kind == "view" or name not in names:
                    self.execute(f"drop {kind} {quote(self._catalog)}.main.{quote(name)}")
        if names:
            self.execute(f"checkpoint {quote(self._catalog)}")  # so that what is free is used again

    def _listed(self, kind: str) -> list[str]:
        asked = (
            f"select {kind}_name from duckdb_{kind}s() where not internal "
            f"and database_name = {literal(self._catalog)} order by 1"
        )
        return [name for (name,) in self.rows(asked)]

    def need_space(self, events: int, *, maps: int) -> str:
        """Tell what disk the build will use; raises DataError where it cannot fit."""
        memory = bytes_of(str(self.scalar("select current_setting('memory_limit')")))
        return told_space(space(events, maps=maps, memory=memory), self.path, events=events)

    def forget(self, model: Model) -> None:
        """Let the rows of a working table go, once nothing reads it any more."""
        self.execute(f"drop table {self._place(model)}")

    def leave_views(self, models: Sequence[Model]) -> None:
        """Let working tables go, and leave a view with the same SELECT in the place of each.

        A view is bound when it is made, and through views upon views that takes long. So the last
        is made first, while empty tables stand for the views that it reads. Views that nothing has
        read until now are made as well.
        """
        laid = set(self._listed("view"))
        left = [
            model
            for model in models
            if model.kind == "working" or (model.kind == "view" and model.name not in laid)
        ]
        main = f"{quote(self._catalog)}.main"
        self.execute(f"set search_path = {literal(main)}")
        self.execute("detach work")
        self.execute("attach ':memory:' as work")
        self.execute(";\n".join(_empty(f"work.main.{quote(one.name)}", one) for one in left))
        self.execute(f"set search_path = {literal(f'work.main,{main}')}")
        for model in reversed(left):
            self.execute(f"create view {main}.{quote(model.name)} as\n{model.sql}")
        self.execute(f"set search_path = {literal(main)}")
        self.execute("detach work")
        for model in left:
            if model.kind == "working":
                self._comments.append(_told(model, "view"))
            else:
                self._keep_promise(model)

    def write_comments(self) -> None:
        """Write what the headers say into the file, all at once: each write is synced to disk."""
        threads = self.scalar("select current_setting('threads')")
        self.execute("set threads = 1")  # of thousands of statements that have nothing to share
        self.execute("begin;\n" + ";\n".join([*self._comments, "commit"]))
        self.execute(f"set threads = {threads}")

    def _place(self, model: Model) -> str:
        """Where the table of a model is: working tables stay in memory, or spill."""
        catalog = "work" if model.kind == "working" else quote(self._catalog)
        return f"{catalog}.main.{quote(model.name)}"

    def _keep_promise(self, model: Model) -> None:
        self.hold(model)
        if model.kind != "working":
            self._comment(model)

    def _comment(self, model: Model) -> None:
        is_view = model.kind == "view" or model.name in self._views
        self._comments.append(_told(model, "view" if is_view else "table"))
        self._comments += [
            f"comment on column {quote(model.name)}.{quote(column.name)} is "
            f"{literal(column.meaning)}"
            for column in model.columns
        ]


def _empty(place: str, model: Model) -> str:
    """What makes an empty table of the columns that the header lists."""
    listed = ", ".join(f"{quote(column.name)} {column.type}" for column in model.columns)
    return f"create table {place} ({listed})"


def _told(model: Model, kind: str) -> str:
    """What tells DuckDB what a row of the table is."""
    return f"comment on {kind} {quote(model.name)} is {literal(model.summary)}"
