"""The expected cost of every step, from runs of several sizes: `costs.csv` of the package."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.models import load_models
from pipeline.progress.costs import FILE

Row = tuple[str, int, float]
_THREADS = 1.9
"""How many threads a large table keeps busy on two cores; what Python makes at once, one."""


def cost_rows(small: Sequence[Mapping[str, Any]], larger: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return for each step and size its units and its seconds.

    From processors' seconds, because they are the same on a busy machine: the least of the small
    runs, which one thread makes; what a larger one takes more is shared by the threads.
    """
    python = {
        model.name for model in load_models() if model.kind == "python" and model.ranges is None
    }
    spent = [_spent(one) for one in small]
    more = [(one, _spent(one)) for one in larger]
    rows = []
    for step in spent[0]:
        name, _, kind = step.partition(" ")
        least = min(one[step] for one in spent)
        threads = 1.0 if name in python | {"writing", "report"} else _THREADS
        rows.append((step, _units(small[0], kind), least))
        for one, own in more:
            seconds = least + max(0.0, own.get(step, least) - least) / threads
            rows.append((step, _units(one, kind), seconds))
    return sorted(rows)


def _units(run: Mapping[str, Any], kind: str) -> int:
    return int(run["bytes"][kind] if kind else run["rows"])


def _spent(run: Mapping[str, Any]) -> dict[str, float]:
    spent: dict[str, float] = defaultdict(float)
    for stage, name, _, cpu in run["run"]["steps"]:
        if stage not in ("looking", "loading", "space"):
            spent[name if stage == "building" else stage] += cpu
    spent["report"] = run["report"]["cpu_s"]
    for kind, one in run["formats"].items():
        for stage, _, _, cpu in one["ingest"]["steps"]:
            spent[f"{stage} {kind}"] += cpu
    return dict(spent)


def write_costs(rows: Sequence[Row]) -> None:
    """Write them into the package."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("step", "units", "seconds"))
        writer.writerows((step, units, f"{seconds:.4f}") for step, units, seconds in rows)
