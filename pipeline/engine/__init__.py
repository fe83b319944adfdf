"""The models on Spark: the portable core of SQL, how it is worded there, and building with it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from ..errors import SquiggleError
from ..project import Project
from ..warehouse import Making
from .tables import forget_tables

__all__ = ["building_on_spark", "forget_tables"]


def building_on_spark(
    project: Project,
    parts: Sequence[tuple[int, int, Path]],
    *,
    memory: str | None = None,
    threads: int | None = None,
) -> AbstractContextManager[Making]:
    """Open a new warehouse, as `building` does, whose large tables Spark makes.

    `parts` are number of the file, number of its source, and its Parquet part. Raises SquiggleError
    where what Spark needs is not installed.
    """
    try:
        from .making import building_on_spark as open_building
    except ImportError as error:
        raise SquiggleError(
            f"--engine spark: {error.name} is not installed; pip install 'journey-squiggle[spark]'"
        ) from None
    return open_building(project, parts, memory=memory, threads=threads)
