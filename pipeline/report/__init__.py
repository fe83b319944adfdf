"""Tables to one HTML file: offline, printable, and without arithmetic of its own."""

from __future__ import annotations

from pathlib import Path

from ..warehouse import Warehouse
from .page import page
from .sections import SECTIONS, query

__all__ = ["write_report"]


def write_report(warehouse: Warehouse, path: Path | str, *, title: str | None = None) -> None:
    """Write the report of a built warehouse to `path`, in place of an older one.

    One file without any link to elsewhere; the same warehouse gives the same bytes. `title`
    stands over the page instead of the project's name.
    """
    names = {name for section in SECTIONS for name in section.queries}
    frames = {name: warehouse.frame(query(name)) for name in sorted(names)}
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(page(frames, title), encoding="utf-8", newline="\n")
    part.replace(path)
