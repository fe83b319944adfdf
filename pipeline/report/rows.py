"""The rows of the report: what its queries find in a warehouse, as it may be shown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .. import statistics
from ..errors import DataError, nearest
from ..warehouse import Warehouse
from .contents import DATA, SECTIONS
from .folding import fold
from .sections import Section, query

ALWAYS = ("answer", "dropoff", "maps", "pains", "stages", "run", *DATA)


def chosen(names: Sequence[str]) -> tuple[Section, ...]:
    """Return the sections of these names in the order of the page; all where none is named.

    Raises DataError for a name that is none of a section.
    """
    known = {section.id: section for section in SECTIONS}
    for name in names:
        if name not in known:
            raise DataError(f"{name!r}: there is no such section; {nearest(name, known)}")
    return tuple(section for section in SECTIONS if not names or section.id in names)


def rows(warehouse: Warehouse, sections: Sequence[Section]) -> tuple[dict[str, pd.DataFrame], int]:
    """Return the rows of every query of the sections, small groups folded, and privacy's k."""
    k = int(warehouse.scalar("select privacy_k from cfg_settings") or 1)
    names = {name for section in sections for name in section.queries} | {*ALWAYS}
    frames = {name: warehouse.frame(query(name)) for name in sorted(names)}
    return {name: _with_interval(frame) for name, frame in fold(frames, k).items()}, k


def _with_interval(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows; where they count customers of customers, with the interval of the share."""
    if {"customers", "of_customers"} <= set(frame.columns):
        low, high = statistics.wilson(frame["customers"], frame["of_customers"])
        place = frame.columns.get_loc("of_customers")
        assert isinstance(place, int)
        frame.insert(place + 1, "share_lo", low.round(4))
        frame.insert(place + 2, "share_hi", high.round(4))
    return frame
