"""A project run with other settings, into a warehouse of its own beside the project's."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ..progress import Told
from ..project import Project
from ..run import run


def run_beside(
    project: Project,
    path: Path,
    only: Collection[str],
    *,
    memory: str | None = None,
    threads: int | None = None,
    tell: Told | None = None,
) -> Path:
    """Build these tables of the project's warehouse at `path`, and return it.

    The project's own warehouse is not touched; exports that are in its store are not read again,
    and tables that would be the same are taken from it.
    """
    desk = project.model_copy(update={"warehouse": str(path)})
    like = project.warehouse_path
    made = run(desk, memory=memory, threads=threads, tell=tell, like=like, only=only)
    return made.warehouse
