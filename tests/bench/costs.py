"""The expected cost of every step, from a small run and a large one: `costs.csv` of the package."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.models import load_models
from pipeline.progress.costs import FILE

Row = tuple[str, float, float]
_THREADS = 1.8
"""How many threads DuckDB keeps busy with a large table on two cores; Python one."""


def cost_rows(small: Sequence[Mapping[str, Any]], large: Mapping[str, Any]) -> list[Row]:
    """Return for each step its fixed seconds and those per million units.

    Processors' seconds, because they are the same on a busy machine: those of the small runs, the
    least of them, are fixed; what the large run takes more is by events, or by bytes for what reads
    files.
    """
    python = {model.name for model in load_models() if model.kind == "python"}
    spent, many = [_spent(one) for one in small], _spent(large)
    rows = []
    for step in spent[0]:
        fixed = min(one[step] for one in spent)
        name, _, kind = step.partition(" ")
        if kind:
            more = large["bytes"][kind] - small[0]["bytes"][kind]
        else:
            more = large["rows"] - small[0]["rows"]
        threads = 1.0 if name in python | {"writing", "report"} else _THREADS
        each = max(0.0, many.get(step, fixed) - fixed) / threads / (more / 1e6)
        rows.append((step, fixed, each))
    return sorted(rows)


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
        writer.writerow(("step", "fixed_s", "per_million_s"))
        writer.writerows((step, f"{fixed:.4f}", f"{each:.4f}") for step, fixed, each in rows)
