"""Visits of distinct paths to rows: the shape of each path, and how it fits the intended path."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .fitting import Fit, fit, kinds
from .laying import Step, orderly, straightness
from .walks import Ints, Walks

CELLS = 2_000_000
"""Visits times steps that are worked on at once."""

SHAPES = (
    *("map_no", "path_no", "visits", "stages", "orderly_visits", "discordant_pairs"),
    *("unequal_pairs", "straight_cost", "straight_worst"),
)
FITS = (
    *("map_no", "path_no", "stage_no", "fitting", "inserted", "repeated", "backward", "skipped"),
    *("owed", "is_passed"),
)


def path_shapes(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the shape of each path: how many of its visits are in order, how many pairs are not.

    `visits` has one row per visit of a path: map_no, path_no, visit_no, stage_no.
    """
    parts = []
    for map_no, path_nos, walks, stages in _walks(visits, None):
        counts = np.array([walks.summed(walks.stages == stage) for stage in range(1, stages + 1)])
        longest, discordant = orderly(walks, stages)
        cost, worst = straightness(walks, stages)
        columns = (
            *(np.full(len(path_nos), map_no), path_nos, walks.lengths, (counts > 0).sum(axis=0)),
            *(longest, discordant, (walks.lengths**2 - (counts**2).sum(axis=0)) // 2, cost, worst),
        )
        parts.append(np.column_stack(columns))
    return _frame(parts, SHAPES)


def path_fits(visits: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """Return, per path and stage that it visits or has come to, how it fits the intended path.

    fitting · inserted · repeated · backward: its visits at the stage, by kind; skipped: steps at
    the stage that no visit fits on; owed: steps there that had to be met; is_passed: whether the
    path got beyond the first step there. `steps` has one row per map and step of its intended path.
    """
    parts = []
    for map_no, path_nos, walks, stages in _walks(visits, steps):
        own = steps[steps["map_no"] == map_no].sort_values("step_no")
        plan = [
            Step(int(stage), bool(optional), bool(repeatable))
            for stage, optional, repeatable in zip(
                own["stage_no"], own["is_optional"], own["is_repeatable"], strict=True
            )
        ]
        found = fit(walks, plan)
        marks = kinds(walks, plan, found)
        for stage in range(1, stages + 1):
            here = walks.stages == stage
            counts = [walks.summed(here & marked) for marked in marks.values()]
            skipped, owed, come, passed = _steps_at(stage, plan, found)
            rows = np.column_stack([path_nos, path_nos, *counts, skipped, owed, passed])
            rows[:, 0] = map_no
            rows = np.insert(rows, 2, stage, axis=1)
            parts.append(rows[(sum(counts) > 0) | come])
    return _frame(parts, FITS)


def _steps_at(stage: int, plan: list[Step], found: Fit) -> tuple[Ints, Ints, Ints, Ints]:
    """Return per path, of the steps at a stage: skipped, owed; whether it came there, passed it."""
    skipped, owed, come, passed = (np.zeros(len(found.reached), np.int64) for _ in range(4))
    for number, step in enumerate(plan, start=1):
        if step.stage == stage:
            due = number <= found.reached
            passed |= ~come.astype(bool) & (number < found.reached)
            come |= due
            if not step.is_optional:
                owed += due
                skipped += due & ~found.is_taken[:, number - 1]
    return skipped, owed, come.astype(bool), passed


def _walks(
    visits: pd.DataFrame, steps: pd.DataFrame | None
) -> Iterator[tuple[int, Ints, Walks, int]]:
    """Yield map_no, path_nos, walks and the number of stages, a part of the paths each time."""
    ordered = visits.sort_values(["map_no", "path_no", "visit_no"], kind="stable")
    for map_no, own in ordered.groupby("map_no", sort=True):
        numbers = own["path_no"].to_numpy(np.int64)
        walks = Walks.of(own["stage_no"].to_numpy(np.int64), numbers)
        stages = int(own["stage_no"].max())
        if steps is not None:
            stages = max(stages, int(steps.loc[steps["map_no"] == map_no, "stage_no"].max()))
        for paths in walks.parts(max(1, CELLS // stages)):
            yield int(map_no), numbers[walks.starts[paths]], walks.part(paths), stages


def _frame(parts: list[Ints], names: tuple[str, ...]) -> pd.DataFrame:
    rows = np.concatenate(parts) if parts else np.zeros((0, len(names)), np.int64)
    frame = pd.DataFrame(rows, columns=list(names))
    return frame.astype({name: bool for name in names if name.startswith("is_")})
