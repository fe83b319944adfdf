"""A new warehouse beside the old one, moved into its place when it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ..errors import DataError, SquiggleError
from .asking import Warehouse
from .connecting import connected
from .making import Making
from .names import literal

_UNLOGGED = "(recovery_mode no_wal_writes)"
"""Nobody goes on with a file that was not finished: so no table waits for the disk."""


def scratch(
    *, memory: str | None = None, threads: int | None = None, folder: Path | None = None
) -> Warehouse:
    """Return an empty warehouse in memory, for typing and sorting; it spills into `folder`."""
    connection = connected()
    _settle(connection, memory, threads, folder)
    return Warehouse(connection, Path(":memory:"))


@contextmanager
def building(
    path: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    making: Callable[[duckdb.DuckDBPyConnection, Path], Making] = Making,
    start: Path | None = None,
) -> Iterator[Making]:
    """Open a new warehouse beside `path` and move it into place when the block ends well.

    Until then readers see the warehouse that was there before, whatever happens. `making` is how
    tables are made, where other than DuckDB alone. `start` is a warehouse to begin with a copy of.
    """
    if "\\" in str(path):
        raise DataError(
            f"{path}: DuckDB takes a backslash in a path for a slash; rename the folder"
        )
    path = path.resolve()  # of a link the file behind it is made anew, and the link stays
    part = path.with_name(path.name + ".part")
    spill = path.with_name(path.name + ".spill")
    path.parent.mkdir(parents=True, exist_ok=True)
    clear_up(path)
    if start is not None:
        _copy(start, part)
    try:
        connection = _begun(part)
    except (duckdb.Error, OSError) as error:
        raise _unwritable(path, error) from None
    try:
        _settle(connection, memory, threads, spill)
        built = making(connection, part)
        yield built
        built.write_comments()
        connection.execute("checkpoint warehouse")
        connection.close()
        with part.open("rb") as file:
            os.fsync(file.fileno())
        Path(part).replace(path)
    except duckdb.OutOfMemoryException as error:
        at = f"at {built.at}, " if built.at else ""
        raise DataError(
            f"{path}: {at}the memory limit is too small or the disk is full; raise --memory, free "
            f"space in {path.parent}, or tell fewer values of segments apart "
            f"({str(error).splitlines()[0]})"
        ) from None
    except (
        *(duckdb.IOException, duckdb.TransactionException, duckdb.FatalException),
        OSError,
    ) as error:
        raise _unwritable(path, error) from None
    finally:
        connection.close()
        clear_up(path)


def _begun(part: Path) -> duckdb.DuckDBPyConnection:
    """A connection to a new file, or to the copy there; where it cannot be, nothing is left."""
    connection = connected()
    try:
        connection.execute(f"attach {literal(str(part))} as warehouse {_UNLOGGED}")
        connection.execute("use warehouse")
    except BaseException:
        connection.close()
        _remove(part)
        raise
    return connection


def clear_up(path: Path) -> None:
    """Remove what is half made beside a warehouse."""
    path = path.resolve()
    _remove(path.with_name(path.name + ".part"))
    shutil.rmtree(path.with_name(path.name + ".spill"), ignore_errors=True)


def _unwritable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path}: cannot be written: {str(error).splitlines()[0]}; the previous warehouse, "
        "if there was one, is untouched"
    )


def _settle(
    connection: duckdb.DuckDBPyConnection,
    memory: str | None,
    threads: int | None,
    spill: Path | None,
) -> None:
    try:
        connection.execute("set preserve_insertion_order = false")
        if memory:
            connection.execute(f"set memory_limit = {literal(memory)}")
        connection.execute("set block_allocator_memory = '100%'")  # of the limit; kept, not freed
        if threads:
            connection.execute(f"set threads = {int(threads)}")
        if spill:
            connection.execute(f"set temp_directory = {literal(str(spill))}")
    except duckdb.Error as error:
        raise SquiggleError(f"--memory {memory!r} is not understood: {error}") from None


def _copy(start: Path, part: Path) -> None:
    try:
        shutil.copyfile(start, part)
    except OSError as error:
        _remove(part)
        raise DataError(
            f"{part}: cannot be written: {error.strerror}; the previous warehouse is untouched"
        ) from None


def _remove(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".wal").unlink(missing_ok=True)
