"""The warehouse that a command asks, which may be older than the project file."""

from __future__ import annotations

from ..inputs import definitions
from ..project import Project
from ..warehouse import Warehouse, open_warehouse
from .show import remark


def opened(project: Project) -> Warehouse:
    """Open the warehouse of a project; say so where the project file has changed since the run."""
    built = open_warehouse(project.warehouse_path)
    made_of = built.scalar("select definitions_fingerprint from run_info")
    if made_of != definitions(project):
        remark(
            "the project file has changed since the run that made this warehouse, which answers "
            "by what it said then; run again with 'squiggle run'"
        )
    return built
