"""The engines that make a warehouse: DuckDB, and Spark with the same models worded for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import ProjectError, SquiggleError
from ..models import load_models
from ..project import Project
from ..warehouse import Making, building
from .addresses import Listing
from .lake import LakeStore
from .tables import forget_tables

__all__ = ["Engine", "open_engine"]

Parts = Sequence[tuple[int, int, Path]]
"""Number of the file, number of its source, and its Parquet part."""

FEW_EVENTS = 20_000
"""Up to so many events one thread builds: more of them would only wait for one another."""


@dataclass(frozen=True)
class Engine:
    """Where a run is done.

    `spread` does the same work for each of many files, and yields what was made in their order;
    `threads` and `memory` are what one such work may use. `building` opens a new warehouse over the
    store's parts with so many events; on DuckDB it begins with a copy of another, if one is given.
    `addresses` lists files where only the engine can look; `lake` keeps the events of parts there.
    """

    spread: Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
    threads: int | None
    memory: str | None
    building: Callable[[Parts, int, Path | None], AbstractContextManager[Making]]
    addresses: Listing | None = None
    lake: LakeStore | None = None


@contextmanager
def open_engine(
    project: Project, *, memory: str | None, threads: int | None, keep: bool = True
) -> Iterator[Engine]:
    """Open the engine that the project names; `memory` and `threads` are DuckDB's limits.

    Without `keep` nothing of the exports is left in a lake, however the run ends. Raises
    SquiggleError where what Spark needs is not installed.
    """
    if project.engine.name == "duckdb":
        if project.engine.lake is not None:
            raise ProjectError(
                f"[engine] lake: {project.engine.lake!r} is for Spark alone; run with --engine "
                "spark, or take it out"
            )
        make = partial(_on_duckdb, project.warehouse_path, memory, threads)
        yield Engine(map, threads, memory, make)
        return
    try:
        from .making import building_on_spark
        from .session import session
        from .tasks import spread
    except ImportError as error:
        raise SquiggleError(
            f"--engine spark: {error.name} is not installed; pip install 'journey-squiggle[spark]'"
        ) from None
    with session(project.engine.master, project.engine.settings) as spark:
        address = project.engine.lake
        loaded = next(model for model in load_models() if model.name == "loaded_events")
        lake = LakeStore(spark, address, loaded) if address else None

        def building_there(
            parts: Parts, events: int, start: Path | None
        ) -> AbstractContextManager[Making]:
            return building_on_spark(
                spark, project, parts, events, lake=lake, memory=memory, threads=threads
            )

        try:
            yield Engine(
                partial(spread, spark), 1, memory or "1GB", building_there, Listing(spark), lake
            )
        finally:
            if lake is not None and not keep:
                lake.forget_others(frozenset())


@contextmanager
def _on_duckdb(
    path: Path,
    memory: str | None,
    threads: int | None,
    parts: Parts,
    events: int,
    start: Path | None,
) -> Iterator[Making]:
    few = 1 if events <= FEW_EVENTS else None
    with building(path, memory=memory, threads=threads or few, start=start) as built:
        yield built
    forget_tables(path)
