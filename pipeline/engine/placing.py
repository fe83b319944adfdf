"""Where Spark writes tables, and how they come beside the warehouse: a folder, or a lake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq

from ..errors import SquiggleError
from .addresses import bring, listed, remove, write
from .tables import Tables

FILE_ROWS = 2_000_000
"""Rows of one file in a lake: it comes through the machine that runs the command as a whole."""

SENT = 1 << 20
"""Bytes of a table of this machine that are sent with each query that reads it."""


class Placing(Protocol):
    """Writes what Spark makes under a name, shows it to Spark again, and has its files here."""

    def write(self, name: str, frame: Any) -> None:
        """Write the rows of a frame, in place of those that had the name."""
        ...

    def read(self, name: str, columns: Any) -> Any:
        """Return the rows under a name; `columns` is Spark's schema of them."""
        ...

    def rows(self, name: str) -> int:
        """Return how many rows are under a name."""
        ...

    def files(self, name: str) -> list[Path]:
        """Return the Parquet files of a name, beside the warehouse."""
        ...

    def give(self, path: Path, columns: str) -> Any:
        """Return the rows of a Parquet file of this machine as Spark sees them."""
        ...

    def forget(self, name: str) -> None:
        """Remove what is under a name."""
        ...


class InFolder:
    """The folder beside the warehouse, which the command and all workers see."""

    def __init__(self, spark: Any, tables: Tables) -> None:
        self._spark, self._tables = spark, tables

    def write(self, name: str, frame: Any) -> None:
        """Write a table beside the warehouse; it appears under its name when it is whole."""
        frame.write.parquet(f"file:{self._tables.room(name)}")
        self._tables.keep(name)

    def read(self, name: str, columns: Any) -> Any:
        """Return the rows of the folder."""
        return self._spark.read.schema(columns).parquet(f"file:{self._tables.folder / name}")

    def rows(self, name: str) -> int:
        """Return what the files' footers say."""
        return sum(int(pq.read_metadata(file).num_rows) for file in self._tables.files(name))

    def files(self, name: str) -> list[Path]:
        """Return the files that Spark wrote."""
        return self._tables.files(name)

    def give(self, path: Path, columns: str) -> Any:
        """Let Spark read the file."""
        return self._spark.read.schema(columns).parquet(f"file:{path}")

    def forget(self, name: str) -> None:
        """Remove the files of a table."""
        self._tables.forget(name)


class InLake:
    """A place in a lake, from where tables are brought beside the warehouse, file by file.

    Nothing stays in the lake when the run ends: what is to be kept has been brought.
    """

    def __init__(self, spark: Any, tables: Tables, home: str) -> None:
        self._spark, self._tables, self._home = spark, tables, home
        self._places: dict[str, str] = {}
        self._written = 0

    def write(self, name: str, frame: Any) -> None:
        """Write the rows where none have been: whoever still reads the older ones may do so."""
        self._written += 1
        place = f"{self._home}/{self._written}-{name}"
        write(frame, place, rows=FILE_ROWS)
        self._tables.forget(name)
        self._places[name] = place

    def read(self, name: str, columns: Any) -> Any:
        """Return the rows in the lake."""
        return self._spark.read.schema(columns).parquet(self._places[name])

    def rows(self, name: str) -> int:
        """Count the rows in the lake."""
        return int(self._spark.read.parquet(self._places[name]).count())

    def files(self, name: str) -> list[Path]:
        """Bring the files here, unless they are here already."""
        if name in self._places and not self._tables.files(name):
            bring(self._spark, listed(self._spark, self._places[name]), self._tables.room(name))
            self._tables.keep(name)
        return self._tables.files(name)

    def give(self, path: Path, columns: str) -> Any:
        """Send the rows along, or write many into the lake, for workers do not see this machine."""
        rows = self._spark.createDataFrame(pq.read_table(path), columns)
        if path.stat().st_size <= SENT:
            return rows
        self.write(path.stem, rows)
        return self.read(path.stem, columns)

    def forget(self, name: str) -> None:
        """Remove the files that were brought; those in the lake go when the run ends."""
        self._tables.forget(name)
        self._places.pop(name, None)


@contextmanager
def placing(spark: Any, tables: Tables, lake: str | None) -> Iterator[Placing]:
    """Open the place for a run's tables; what it, or a killed run, left in a lake is removed."""
    if lake is None:
        yield InFolder(spark, tables)
        return
    home = f"{lake}/tables"
    if listed(spark, home):
        remove(spark, home)
    try:
        yield InLake(spark, tables, home)
    except BaseException:
        with suppress(SquiggleError):  # what went wrong first is told
            remove(spark, home)
        raise
    remove(spark, home)
