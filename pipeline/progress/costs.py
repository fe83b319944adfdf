"""What each step of a run is expected to cost: measured once, kept beside this file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

FILE = Path(__file__).with_name("costs.csv")
"""A row per step and size that was measured: the seconds that so many units take.

The unit is an event; of steps that are called `looking` or `loading` and a format, a byte.
"""

Measured = Sequence[tuple[float, float]]
"""Units and seconds, the fewest units first."""


@cache
def costs() -> dict[str, Measured]:
    """Return for each step what was measured."""
    found: dict[str, list[tuple[float, float]]] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["step"], []).append((float(row["units"]), float(row["seconds"])))
    return {step: sorted(measured) for step, measured in found.items()}


def cost(step: str, units: float) -> float:
    """Return the expected seconds of a step; one that was not measured costs as the median does."""
    measured = costs().get(step)
    if measured is not None:
        return between(measured, units)
    others = sorted(between(one, units) for name, one in costs().items() if " " not in name)
    return others[len(others) // 2]


def between(measured: Measured, units: float) -> float:
    """Return the seconds of so many units: on the line through the nearest sizes.

    Below the smallest size they are its own; beyond the largest the last line goes on.

    >>> sizes = [(0.0, 1.0), (100.0, 3.0), (1000.0, 30.0)]
    >>> [between(sizes, units) for units in (0, 50, 550, 2000)]
    [1.0, 2.0, 16.5, 60.0]
    """
    if units <= measured[0][0]:
        return measured[0][1]
    found = measured[0][1]
    for (few, least), (many, most) in pairwise(measured):
        found = least + (most - least) * (units - few) / (many - few)
        if units <= many:
            break
    return found
