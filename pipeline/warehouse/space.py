"""The disk that a build will use, told before it is used, and refused where it cannot fit."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError

FIXED = 40_000_000
PER_EVENT = 60
PER_EVENT_AND_MAP = 75
"""Bytes of a warehouse, measured: of its tables however small, per event, and per event and map."""
WORKING_PER_EVENT = 300
"""Bytes of working tables per event; what the memory does not hold of them goes to the disk."""
LEAST = 0.5
"""The share of what is expected for the events that a warehouse needs in any case."""


@dataclass(frozen=True)
class Space:
    """What a build needs on the disk, in bytes: at the least; for its file; for working tables."""

    least: int
    file: int
    spill: int

    @property
    def total(self) -> int:
        """What it is expected to need."""
        return self.file + self.spill


def space(events: int, *, maps: int, memory: int) -> Space:
    """Return what a warehouse of so many events and maps needs, with so many bytes of memory."""
    file = FIXED + events * (PER_EVENT + PER_EVENT_AND_MAP * maps)
    spill = max(0, events * WORKING_PER_EVENT - memory)
    return Space(round(LEAST * (file - FIXED)), file, spill)


def told_space(need: Space, path: Path, *, events: int, free: int | None = None) -> str:
    """Return the sentence that tells what a build needs in the folder of `path`.

    `free` is what is free there, in bytes; None: it is looked up. Raises DataError where not even
    the least that it may need is free.
    """
    folder = path.resolve().parent
    free = shutil.disk_usage(folder).free if free is None else free
    parts = f"about {size(need.file)} for the warehouse"
    if need.spill:
        parts += f" and {size(need.spill)} for what the memory does not hold"
    if need.least > free:
        raise DataError(
            f"{folder}: {events:,} events need {size(need.total)} of disk here while they are "
            f"built: {parts}, at the very least {size(need.least)}; {size(free)} are free. Free "
            "space, or name a place on another disk: 'warehouse' in the project file, TMPDIR for "
            "commands that only try; the previous warehouse is untouched"
        )
    tight = "; that is tight" if need.total > free else ""
    return f"{parts}; {size(free)} are free{tight}"


def size(count: float) -> str:
    """Return a number of bytes as people read it.

    >>> size(1_234_567_890)
    '1.2 GB'
    """
    for unit, whole in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= whole:
            return (
                f"{count / whole:,.1f} {unit}"
                if count < 100 * whole
                else f"{count / whole:,.0f} {unit}"
            )
    return f"{count / 1e3:,.0f} kB"


def bytes_of(text: str) -> int:
    """Return the bytes that DuckDB means by a size as it writes it.

    >>> bytes_of("1.5 GiB")
    1610612736
    """
    number, unit = text.split()
    scale = {"bytes": 1, "byte": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
    return int(float(number) * scale[unit])
