"""Ours beside the peers: each in a process of its own, all with the same counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .processes import Failed, measured

PEERS = ("duckdb", "polars", "pandas", "chdb", "pm4py", "retentioneering")
LIMIT_S = 900.0
"""A tool that takes longer is stopped."""
_TOLD = {
    "sessions": "sessions",
    "movers": "distinct customers",
    "medians_s": "medians that compare",
    "funnel": "funnel",
    "top_variants": "paths",
}


class Differs(Exception):
    """A tool counts otherwise: then its seconds say nothing."""


def compared(
    python: str, log: Path, ours: Mapping[str, Any], names: Sequence[str] = PEERS
) -> dict[str, Any]:
    """Return the figures of every peer, and of squiggle; one that does not run says why not."""
    found: dict[str, Any] = {"squiggle": dict(ours)}
    for name in names:
        try:
            one = measured([python, "-m", "tests.bench.peers", name, str(log)], limit_s=LIMIT_S)
        except (Failed, OSError) as error:
            found[name] = {"skipped": f"skipped: {error}"}
            print(f"{name:>24}  skipped: {error}", flush=True)
            continue
        held(name, one["counts"], ours["counts"])
        lacking = [told for key, told in _TOLD.items() if key not in one["counts"]]
        found[name] = {**one, "lacks": ", ".join(lacking)}
        print(
            f"{name:>24}  {one['wall_s']:8.2f} s  {one['cpu_s']:8.2f} s of processors  "
            f"{one['peak_mb']:6,} MB",
            flush=True,
        )
    return found


def held(name: str, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
    """Raise Differs where a count is not the same; sums of medians may differ by rounding."""
    for key, value in theirs.items():
        same = (
            math.isclose(value, ours[key], rel_tol=1e-6)
            if key == "medians_s"
            else value == ours[key]
        )
        if not same:
            raise Differs(f"{name}: {key} is {value}, squiggle's is {ours[key]}")
