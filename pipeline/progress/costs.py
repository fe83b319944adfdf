"""What each step of a run is expected to cost: measured once, kept beside this file."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("costs.csv")
"""A row per step: seconds whatever the log, and more of them per million units.

The unit is an event; of steps that are called `looking` or `loading` and a format, a byte.
"""


@cache
def costs() -> dict[str, tuple[float, float]]:
    """Return for each step its fixed seconds and its seconds per million units."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {
            row["step"]: (float(row["fixed_s"]), float(row["per_million_s"]))
            for row in csv.DictReader(lines)
        }


def cost(step: str, units: float) -> float:
    """Return the expected seconds of a step; one that was not measured costs as the median does."""
    fixed, each = costs().get(step) or _middle()
    return fixed + each * units / 1e6


@cache
def _middle() -> tuple[float, float]:
    def median(values: list[float]) -> float:
        return sorted(values)[len(values) // 2]

    fixed, each = zip(*costs().values(), strict=True)
    return median(list(fixed)), median(list(each))
