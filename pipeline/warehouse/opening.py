"""A warehouse that was made, open for questions."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ..errors import DataError
from .asking import Warehouse
from .connecting import connected
from .lacking import damaged, is_held
from .names import literal


def open_warehouse(path: Path | str, *, read_only: bool = True) -> Warehouse:
    """Return the warehouse in the file, open for questions.

    It shows the file as it is now; a warehouse opened earlier goes on showing what it showed.
    Raises DataError where there is none, or where another process holds it for writing.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path}: there is no warehouse; make it with 'squiggle run'")
    connection = connected()
    mode = " (read_only)" if read_only else ""
    try:
        connection.execute(f"attach {literal(str(path))} as warehouse{mode}")
    except duckdb.Error as error:
        connection.close()
        if is_held(error):
            raise DataError(
                f"{path}: another process holds it for writing; close that process and try again"
            ) from None
        hint = "; make it again with 'squiggle run'" if damaged(error, path) else ""
        raise DataError(f"{path}: cannot be opened: {error}{hint}") from None
    connection.execute("use warehouse")
    return Warehouse(connection, path)
