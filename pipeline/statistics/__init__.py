"""Statistics on small frames and arrays: intervals, survival with open ends, multiple tests."""

from __future__ import annotations

from .intervals import Estimate, newcombe, ratio, wilson
from .multiple import benjamini_hochberg
from .survival import aalen_johansen, incidence_at, kaplan_meier, median_duration

__all__ = [
    "Estimate",
    "aalen_johansen",
    "benjamini_hochberg",
    "incidence_at",
    "kaplan_meier",
    "median_duration",
    "newcombe",
    "ratio",
    "wilson",
]
