"""Parts whose events an engine keeps where only it reads: what became of their records is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from .load import Waiting
from .store import Entry


class Lake(Protocol):
    """Keeps the events of parts, each under its key: whole, or not at all.

    Of a part it tells what its entry says, and its rejects: one row per rejected record, as in
    `rejects.parquet`.
    """

    def keys(self) -> AbstractSet[str]:
        """Return the keys of the parts that are there."""
        ...

    def told(self, keys: Sequence[str]) -> Iterable[tuple[Mapping[str, Any], pa.Table]]:
        """Yield what is told of parts that are there, in the order of the keys."""
        ...

    def load(
        self, load: Callable[[Path, Waiting], tuple[Entry, Path]], waiting: Mapping[str, Waiting]
    ) -> Iterable[tuple[Mapping[str, Any], pa.Table]]:
        """Load files, each by `load` into a folder; yield what is told of them in their order."""
        ...

    def forget_others(self, keys: AbstractSet[str]) -> None:
        """Remove every part but these."""
        ...


def kept_here(making: Path, entry: Mapping[str, Any], rejects: pa.Table) -> tuple[Entry, Path]:
    """Write down the rejects of a part in a new room below `making`; return entry and room."""
    room = making / uuid4().hex
    room.mkdir(parents=True)
    pq.write_table(rejects, room / "rejects.parquet")
    return Entry(**entry), room
