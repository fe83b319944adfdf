"""Known exports: what the columns of the usual tools mean, and how their files unfold into rows."""

from __future__ import annotations

from . import listed, matomo, xes
from .description import Known
from .known import FORMATS, NAMES, completed, known_format, listed_kept, overview
from .paths import ALTERNATIVES, Path, Step, joined, parsed, told
from .unfolding import Damaged, Unfold

__all__ = [
    "ALTERNATIVES",
    "FORMATS",
    "LIST",
    "NAMES",
    "UNFOLDS",
    "Damaged",
    "Known",
    "Path",
    "Step",
    "Unfold",
    "completed",
    "is_list",
    "joined",
    "known_format",
    "listed_kept",
    "overview",
    "parsed",
    "told",
]

UNFOLDS: dict[str, Unfold] = {"matomo": matomo.UNFOLD, "xes": xes.UNFOLD}
"""Readers of files that hold several events in one record, by name."""
LIST = listed.UNFOLD
"""Reader of a file that is one JSON list of records."""
is_list = listed.is_list
