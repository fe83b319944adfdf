"""Where commands may write: nowhere over an export, a project file or the warehouse."""

from __future__ import annotations

from pathlib import Path

from ..errors import DataError
from ..ingest.files import is_export
from ..project import Project


def spare(project: Project, out: Path | None) -> None:
    """Raise DataError where a file that is to be written is one that the project needs."""
    if out is None or not out.is_file():
        return
    if is_export(project, out):
        told = "an export that the project reads"
    elif out.resolve() == project.warehouse_path.resolve():
        told = "the warehouse"
    elif project.store_path.resolve() in out.resolve().parents:
        told = "a file of the event store"
    elif (
        project.identity.links is not None
        and out.resolve() == (project.folder / project.identity.links).resolve()
    ):
        told = "the file of links"
    elif out.suffix == ".toml":
        told = "a project file"
    else:
        return
    raise DataError(f"{out}: this is {told}; name another file")
