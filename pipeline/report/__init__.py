"""Tables to one HTML file: offline, printable, and without arithmetic of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from .. import statistics
from ..errors import DataError, nearest
from ..warehouse import Warehouse
from .contents import DATA, SECTIONS
from .folding import fold
from .page import page
from .sections import Section, query

__all__ = ["SECTIONS", "write_report"]


def write_report(
    warehouse: Warehouse,
    path: Path | str,
    *,
    title: str | None = None,
    sections: Sequence[str] = (),
) -> None:
    """Write the report of a built warehouse to `path`, in place of an older one.

    One file without any link to elsewhere; the same warehouse gives the same bytes. `title`
    stands over the page instead of the project's name; `sections` names the ones that are
    wanted, all where none is named. Raises DataError for a section that does not exist.
    """
    chosen = _chosen(sections)
    needed = {name for section in chosen for name in section.queries}
    always = {"answer", "dropoff", "maps", "stages", "run", *DATA}
    k = int(warehouse.scalar("select privacy_k from cfg_settings") or 1)
    frames = {name: warehouse.frame(query(name)) for name in sorted(needed | always)}
    frames = {name: _with_interval(frame) for name, frame in fold(frames, k).items()}
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(page(frames, chosen, title, k), encoding="utf-8", newline="\n")
    part.replace(path)


def _chosen(names: Sequence[str]) -> tuple[Section, ...]:
    known = {section.id: section for section in SECTIONS}
    for name in names:
        if name not in known:
            raise DataError(f"{name!r}: there is no such section; {nearest(name, known)}")
    return tuple(section for section in SECTIONS if not names or section.id in names)


def _with_interval(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows; where they count customers of customers, with the interval of the share."""
    if {"customers", "of_customers"} <= set(frame.columns):
        low, high = statistics.wilson(frame["customers"], frame["of_customers"])
        place = frame.columns.get_loc("of_customers")
        assert isinstance(place, int)
        frame.insert(place + 1, "share_lo", low.round(4))
        frame.insert(place + 2, "share_hi", high.round(4))
    return frame
