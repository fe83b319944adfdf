"""Where commands may write: nowhere over an export."""

from __future__ import annotations

from pathlib import Path

from ..errors import DataError
from ..ingest.files import is_export
from ..project import Project


def spare(project: Project, out: Path | None) -> None:
    """Raise DataError where a file that is to be written is one that the project reads."""
    if out is not None and out.is_file() and is_export(project, out):
        raise DataError(f"{out}: this is an export that the project reads; name another file")
