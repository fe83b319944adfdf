"""Tables to one HTML file: offline, printable, and without arithmetic of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import DataError, nearest
from ..warehouse import Warehouse
from .contents import SECTIONS
from .locales import MARKS
from .page import page
from .pictures import KINDS, write_pictures
from .rows import chosen, rows

__all__ = ["KINDS", "SECTIONS", "write_pictures", "write_report"]


def write_report(
    warehouse: Warehouse,
    path: Path | str,
    *,
    title: str | None = None,
    sections: Sequence[str] = (),
    locale: str = "en-US",
) -> None:
    """Write the report of a built warehouse to `path`, in place of an older one.

    One file without any link to elsewhere; the same warehouse gives the same bytes. `title`
    stands over the page instead of the project's name; `sections` names the ones that are
    wanted, all where none is named; `locale` says how numbers are written, whatever the project
    file says. Raises DataError for a section or a locale that does not exist.
    """
    if locale not in MARKS:
        raise DataError(f"{locale!r}: numbers are not written so; {nearest(locale, MARKS)}")
    listed = chosen(sections)
    frames, k = rows(warehouse, listed)
    path = Path(path)
    if path.is_dir():
        raise DataError(f"{path}: this is a folder; name the file of the report in it")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(page(frames, listed, title, k, locale), encoding="utf-8", newline="\n")
    part.replace(path)
