"""Exports loaded with nothing but the name of their format, and what is asked of the warehouse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.warehouse import Warehouse

from .conftest import Build


def project(sources: dict[str, tuple[str, str]], more: str = "") -> str:
    """A project file: name of each source → its format and its files; `more` after each format."""
    listed = "".join(
        f'[[source]]\nname = "{name}"\nformat = "{kind}"\nfiles = {json.dumps(files)}\n{more}\n'
        for name, (kind, files) in sources.items()
    )
    return (
        f'name = "known"\nmax_rejected = 1.0\n{listed}\n'
        '[[map]]\nname = "all"\nstages = ["First", "Last"]\ngoal = "Last"\ncloses = "silence"\n'
        '[[touchpoint]]\nname = "none"\nstage = "Last"\nwhen = { event = "(never)" }\n'
    )


def load(
    build: Build, tmp_path: Path, kind: str, files: dict[str, bytes], more: str = ""
) -> Warehouse:
    """Build the warehouse of files of one format; `more` is the rest of their [[source]]."""
    folder = tmp_path / f"known{sum(1 for _ in tmp_path.iterdir())}"
    (folder / "exports").mkdir(parents=True)
    for name, content in files.items():
        (folder / "exports" / name).write_bytes(content)
    text = project({"log": (kind, "exports/*")}, more)
    return build.in_folder(folder, text)  # type: ignore[attr-defined,no-any-return]


def walked(built: Warehouse, columns: str = "touchpoint, occurred_at") -> list[tuple[Any, ...]]:
    """The events of all customers, each customer's in its order."""
    return built.rows(f"select {columns} from events order by customer_id, position")


def told(built: Warehouse, columns: str) -> list[tuple[Any, ...]]:
    """Columns of the loaded events, in the order of the file."""
    return built.rows(f"select {columns} from loaded_events order by event_no")


def accounted(built: Warehouse) -> tuple[int, ...]:
    """How many records were read, loaded, repeated and rejected; every law must be met.

    Where only some tables were built, that is the law that each record is one of the three.
    """
    found = built.rows(
        "select sum(rows_read)::int, sum(rows_loaded)::int, sum(rows_duplicate)::int, "
        "sum(rows_rejected)::int from source_quality"
    )[0]
    assert found[0] == sum(found[1:])
    if "reconciliation" in built.tables():
        assert built.rows("from reconciliation where not is_met") == []
    return found
