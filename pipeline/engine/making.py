"""A warehouse whose large tables Spark makes: they lie beside it, the small ones are inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import ModelError, SquiggleError
from ..models import Model, load_models, through_views
from ..project import Project
from ..warehouse import Making, building, literal, quote
from .joining import JOINING, LINKS
from .lake import LakeStore
from .placing import Placing, placing
from .portable import parsed
from .recursion import unrolled
from .session import told
from .spelling import as_spark, spark_sql
from .store import Part, show_loaded_events
from .tables import Tables, new_tables
from .types import ddl, is_kept, spark_type

PARTITIONS = "spark.sql.shuffle.partitions"
PARTITION_EVENTS = 1_000_000
LEAST_PARTITIONS = 8
"""Spark parts what it sorts and groups so that each part has about so many events."""


class SparkMaking(Making):
    """A warehouse that is being made on two engines.

    A model that reads a table beside the warehouse is built by Spark, any other by DuckDB. What
    Spark made lands inside where it has at most `small` rows; below 0, Spark builds every model.
    Ids that come together are joined here where they and their links are at most `links`, else by
    Spark.
    """

    def __init__(
        self,
        *known: Any,
        spark: Any,
        tables: Tables,
        place: Placing,
        lake: LakeStore | None,
        project: Project,
        parts: Sequence[Part],
        small: int,
        links: int,
    ) -> None:
        super().__init__(*known)
        self._spark, self._tables, self._small = spark, tables, small
        self._place_of, self._lake = place, lake
        self._links = links
        self._project, self._parts = project, parts
        self._models = {model.name: model for model in load_models()}
        self._beside: set[str] = set()
        self._shown: set[str] = set()

    def build(self, model: Model) -> None:
        """Make the table or view of a model, on Spark where it reads what lies beside."""
        read = through_views(model, self._models)
        is_for_spark = self._small < 0 or not self._beside.isdisjoint(read)
        is_empty = model.needs and not self.scalar(f"select count(*) from {quote(model.needs)}")
        if model.kind == "view" or is_empty or not is_for_spark:
            super().build(model)
            return
        with self._on_spark(model, read):
            self._write(model, unrolled(parsed(model.sql), partial(self._step, model)))

    def fill_by(self, model: Model, make: Callable[[], pa.Table]) -> None:
        """Make the table of a model from rows that `make` works out, on Spark for many links."""
        read = LINKS.get(model.name, ())
        rows = [int(self.scalar(f"select count(*) from {quote(name)}")) for name in read]
        if max(rows, default=self._links) <= self._links:
            super().fill_by(model, make)
            return
        with self._on_spark(model, model.reads):
            made: Any = JOINING[model.name](self)
            if isinstance(made, str):
                self._write(model, parsed(made))
        if not isinstance(made, str):
            self.fill(model, made)

    def keep(self, name: str, sql: str) -> None:
        """Have Spark write the rows of a SELECT down under a name, in place of older ones."""
        frame = self._spark.sql(spark_sql(sql))
        self._place_of.write(name, frame)
        self._see(name, frame.schema)

    def count(self, sql: str) -> int:
        """Return the number that a SELECT, asked of Spark, finds."""
        return int(self.few(sql)[0][0].as_py())

    def few(self, sql: str) -> pa.Table:
        """Return the rows of a SELECT, asked of Spark; they must fit here."""
        return self._spark.sql(spark_sql(sql)).toArrow()

    @contextmanager
    def _on_spark(self, model: Model, read: Sequence[str]) -> Iterator[None]:
        """Show Spark what a model reads, let it write the table, and bring that here."""
        for name in read:
            self._show(self._models[name])
        try:
            yield
        except SquiggleError:
            raise
        except Exception as error:
            raise SquiggleError(f"{model.path}: Spark cannot build it: {told(error)}") from error
        if self._place_of.files(model.name):
            self._land(model)

    def build_in_ranges(
        self, model: Model, models: Mapping[str, Model], ranges: Sequence[tuple[int, int]]
    ) -> None:
        """Make the table of a model: Spark parts the customers itself, DuckDB goes by ranges."""
        read = through_views(model, models)
        if self._small < 0 or not self._beside.isdisjoint(read):
            self.build(model)
        else:
            super().build_in_ranges(model, models, ranges)

    def view(self, model: Model, sql: str) -> None:
        """Make the view over the event store for both engines.

        What is in a lake DuckDB cannot read: Spark writes it down, and it comes beside.
        """
        show_loaded_events(self._spark, self, model, self._project, self._parts, self._lake)
        if self._lake is None:
            super().view(model, sql)
            self._beside.add(model.name)
            self._shown.add(model.name)
        else:
            self._place_of.write(model.name, self._spark.table(model.name))
            self._land(model, small=-1)

    def forget(self, model: Model) -> None:
        """Let the rows of a working table go, wherever they are."""
        if model.name in self._beside:
            self.execute(f"drop view {self._place(model)}")
            self._beside.discard(model.name)
        else:
            super().forget(model)
        self._place_of.forget(model.name)
        (self._tables.inputs / f"{model.name}.parquet").unlink(missing_ok=True)

    def leave_views(self, models: Sequence[Model]) -> None:
        """Let working tables go; what lies beside is whole from here on."""
        super().leave_views(models)
        self._tables.finish(self._beside - ({"loaded_events"} if self._lake is None else set()))

    def _show(self, model: Model) -> None:
        """Let Spark see a table under its name."""
        if model.name in self._shown:
            return
        if model.kind == "view":
            self._spark.sql(as_spark(parsed(model.sql))).createOrReplaceTempView(model.name)
        else:
            path = self._tables.inputs / f"{model.name}.parquet"
            self.execute(
                f"copy (select * from {quote(model.name)}) to {literal(str(path))} (format parquet)"
            )
            self._place_of.give(path, _columns(model)).createOrReplaceTempView(model.name)
        self._shown.add(model.name)

    def _write(self, model: Model, tree: Any) -> None:
        """Have Spark write the rows of a model's SELECT beside the warehouse."""
        frame = self._spark.sql(as_spark(tree))
        made = [(field.name, field.dataType.simpleString()) for field in frame.schema.fields]
        promised = [(column.name, spark_type(column.type)) for column in model.columns]
        if [name for name, _ in made] != [name for name, _ in promised] or not all(
            is_kept(one[1], other[1]) for one, other in zip(made, promised, strict=True)
        ):
            raise ModelError(
                f"{model.path}: on Spark the table is not what its header promises; "
                f"built: {made}; promised: {promised}"
            )
        cast = [f"cast(`{name}` as {kind}) as `{name}`" for name, kind in promised]
        self._place_of.write(model.name, frame.selectExpr(*cast))

    def _step(self, model: Model, name: str, sql: str, number: int) -> int:
        """Have Spark write a step of a recursion; show all steps, or the last; return its rows."""
        written = f"{model.name}_step_{number}"
        frame = self._spark.sql(sql)
        self._place_of.write(written, frame)
        last = self._see(written, frame.schema)
        last.createOrReplaceTempView(f"{name}_last")
        whole = last if number == 0 else self._spark.table(f"{name}_all").unionAll(last)
        whole.createOrReplaceTempView(f"{name}_all")
        return self._place_of.rows(written)

    def _see(self, name: str, schema: Any) -> Any:
        """Return the rows that Spark wrote under a name, and show them under it."""
        kept = self._place_of.read(name, schema)
        kept.createOrReplaceTempView(name)
        return kept

    def _land(self, model: Model, small: int | None = None) -> None:
        """Bring what Spark wrote into the warehouse: as a table if it is small, else as a view."""
        files = self._place_of.files(model.name)
        listed = ", ".join(
            f"cast({quote(column.name)} as {column.type}) as {quote(column.name)}"
            for column in model.columns
        )
        rows = self.scalar(f"select count(*) from {_files(files)}")
        kind = "table" if rows <= (self._small if small is None else small) else "view"
        self.execute(f"create {kind} {self._place(model)} as select {listed} from {_files(files)}")
        if kind == "view":
            self._beside.add(model.name)
            self._views.add(model.name)
        self._see(model.name, _columns(model))
        self._shown.add(model.name)
        self._keep_promise(model)


def _columns(model: Model) -> str:
    """The columns that a header promises, as Spark reads a schema."""
    return ddl((column.name, spark_type(column.type)) for column in model.columns)


def _files(files: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(literal(str(file)) for file in files)}])"


@contextmanager
def building_on_spark(
    spark: Any,
    project: Project,
    parts: Sequence[Part],
    events: int,
    *,
    lake: LakeStore | None = None,
    memory: str | None = None,
    threads: int | None = None,
) -> Iterator[Making]:
    """Open a new warehouse, as `building` does, whose large tables Spark makes."""
    if PARTITIONS not in project.engine.settings:
        spark.conf.set(PARTITIONS, str(max(LEAST_PARTITIONS, events // PARTITION_EVENTS)))
    with (
        new_tables(project.warehouse_path) as tables,
        placing(spark, tables, project.engine.lake) as place,
    ):
        making = partial(
            SparkMaking,
            spark=spark,
            tables=tables,
            place=place,
            lake=lake,
            project=project,
            parts=parts,
            small=project.engine.small,
            links=project.engine.links,
        )
        with building(
            project.warehouse_path, memory=memory, threads=threads, making=making
        ) as built:
            yield built
