"""Medians of two groups, and how sure their difference is, by drawing customers again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..statistics import drawn_blocks, incidence_curves, quantile_moments
from ..values import DAY_US

_MOST_UNREACHED = 0.05
"""Of the drawn medians so many may lie beyond the horizon; their error is then read as at it."""


def median_errors(
    durations: pd.DataFrame, blocks: pd.DataFrame, *, draws: int, seed: int, horizon_us: int
) -> dict[str, float]:
    """Return the standard error, in days, of the difference of each median between groups 1 and 2.

    Takes the tables `compare_durations` and `compare_blocks` (kind_no and how many blocks). The
    medians are those of all journeys, `median_days_to_goal`, and of those that reach the goal
    within the horizon, `median_days_of_converted`. NaN where too many samples have no median.
    """
    counts = dict(zip(blocks["kind_no"], blocks["blocks"], strict=True))
    kinds = sorted(counts)
    offsets = dict(zip(kinds, np.cumsum([0, *(counts[kind] for kind in kinds)]), strict=False))
    weights = drawn_blocks([counts[kind] for kind in kinds], draws=draws, seed=seed)
    drawn: dict[int, dict[str, np.ndarray]] = {}
    for group_no in (1, 2):
        own = durations[durations["group_no"] == group_no]
        moments = own.drop_duplicates("moment_no").sort_values("moment_no")
        places = np.searchsorted(moments["moment_no"].to_numpy(), own["moment_no"].to_numpy())
        rows = own["kind_no"].map(offsets).to_numpy(dtype=int) + own["block_no"].to_numpy()
        summed = {}
        for name in ("progressed", "abandoned", "leaving"):
            table = np.zeros((weights.shape[1], len(moments)))
            np.add.at(table, (rows, places), own[name].to_numpy(dtype=float))
            summed[name] = weights @ table
        curves = incidence_curves(summed["progressed"], summed["abandoned"], summed["leaving"])
        times = moments["duration_us"].to_numpy() / DAY_US
        last = curves[:, -1] if len(moments) else np.zeros(draws)
        halves = quantile_moments(curves, last / 2, times)
        drawn[group_no] = {
            "median_days_to_goal": quantile_moments(curves, np.full(draws, 0.5), times),
            "median_days_of_converted": np.where(last > 0, halves, np.nan),
        }
    return {name: _error(drawn[1][name], drawn[2][name], horizon_us / DAY_US) for name in drawn[1]}


def _error(one: np.ndarray, other: np.ndarray, horizon: float) -> float:
    unreached = max(float(np.isnan(one).mean()), float(np.isnan(other).mean()))
    if unreached > _MOST_UNREACHED:
        return float("nan")
    filled = np.nan_to_num(one, nan=horizon) - np.nan_to_num(other, nan=horizon)
    return float(filled.std(ddof=1))
