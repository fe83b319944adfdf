"""The folder of large tables beside a warehouse: whole or not at all, one per run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Tables:
    """The folder of one run: a folder of Parquet files for each table."""

    folder: Path

    @property
    def inputs(self) -> Path:
        """Where small tables lie that the other engine reads."""
        return self.folder / "inputs"

    def room(self, name: str) -> Path:
        """Return where a table may be written; nobody takes it for whole there."""
        room = self.folder / f"{name}.part"
        shutil.rmtree(room, ignore_errors=True)
        return room

    def keep(self, name: str) -> list[Path]:
        """Move a table that is written to its end into place; return its files, sorted."""
        room = self.folder / f"{name}.part"
        place = self.folder / name
        shutil.rmtree(place, ignore_errors=True)
        room.replace(place)
        return self.files(name)

    def files(self, name: str) -> list[Path]:
        """Return the Parquet files of a table, sorted."""
        return sorted((self.folder / name).glob("*.parquet"))

    def forget(self, name: str) -> None:
        """Remove the files of a table."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def finish(self, names: set[str]) -> None:
        """Keep these tables only, and write down that they are whole."""
        for entry in self.folder.iterdir():
            if entry.name not in names:
                shutil.rmtree(entry, ignore_errors=True)
        listed = {
            name: {file.name: file.stat().st_size for file in self.files(name)}
            for name in sorted(names)
        }
        text = json.dumps(listed, indent=1, sort_keys=True)
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")


def beside(warehouse: Path) -> Path:
    """Return the folder of the large tables of a warehouse.

    >>> beside(Path("a/journeys.duckdb")).as_posix()
    'a/journeys.tables'
    """
    return warehouse.with_suffix(".tables")


@contextmanager
def new_tables(warehouse: Path) -> Iterator[Tables]:
    """Open a new folder for a run's tables; those of earlier runs go when the block ends well.

    Until then the warehouse that was there before goes on reading its own folder. What a killed
    run left, which has no manifest, goes at once.
    """
    home = beside(warehouse).absolute()
    home.mkdir(parents=True, exist_ok=True)
    for left in home.iterdir():
        if not (left / MANIFEST).is_file():
            shutil.rmtree(left, ignore_errors=True)
    number = max((int(old.name) for old in home.iterdir() if old.name.isdigit()), default=0) + 1
    tables = Tables(home / str(number))
    tables.inputs.mkdir(parents=True)
    try:
        yield tables
    except BaseException:
        shutil.rmtree(tables.folder, ignore_errors=True)
        raise
    for old in home.iterdir():
        if old.name != tables.folder.name:
            shutil.rmtree(old, ignore_errors=True)


def forget_tables(warehouse: Path) -> None:
    """Remove every large table beside a warehouse that holds all its tables itself."""
    shutil.rmtree(beside(warehouse), ignore_errors=True)
