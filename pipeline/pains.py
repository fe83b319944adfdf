"""Pain points: how much more goes no further in a cell than at its reference, and what it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from .statistics import benjamini_hochberg, newcombe

ENOUGH = 30
"""Of fewer trials or customers, or against fewer trials, a cell is shown and never ranked."""
KEYS = ["map_no", "level", "place_no", "segment_no", "value_no", "reference"]
_Z = 1.959964


def pains(cells: pd.DataFrame) -> pd.DataFrame:
    """Return for each cell its excess over the reference, and what could be won, ranked.

    Where all of a cell and of its reference were watched to the end (`drops` and
    `reference_drops` are there) the interval is Newcombe's, else that of two independent
    estimates with their standard errors. recoverable = excess · per_month · goal_rate ·
    value_per_goal; where there is no value, it is counted in goals. The rank, within map and
    reference, is by the lower end: so the luckiest guess among many does not come first.
    """
    counted = (cells["drops"].notna() & cells["reference_drops"].notna()).to_numpy()
    excess = (cells["rate"] - cells["reference_rate"]).to_numpy(float)
    lower, upper, error = _of_curves(cells, excess)
    lower[counted], upper[counted], error[counted] = _of_counts(cells[counted])
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = np.where(error > 0, 2 * ndtr(-np.abs(excess) / error), np.nan)
    worth = cells["per_month"] * cells["goal_rate"] * cells["value_per_goal"].fillna(1.0)
    return _ranked(
        cells[KEYS].assign(
            is_small=cells[["trials", "reference_trials", "customers"]].min(axis=1) < ENOUGH,
            excess=excess.round(12),
            excess_lo=lower.round(12),
            excess_hi=upper.round(12),
            method=np.where(counted, "newcombe", "curve"),
            p_value=p_value.round(12),
            recoverable=(excess * worth).round(9),
            recoverable_lo=(np.maximum(lower, 0) * worth).round(9),
        )
    )


Ends = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _of_counts(cells: pd.DataFrame) -> Ends:
    """Lower end, upper end and error under no difference, of two shares."""
    names = ("drops", "trials", "reference_drops", "reference_trials")
    drops, trials, drops0, trials0 = (cells[name].to_numpy(float) for name in names)
    lower, upper = newcombe(drops, trials, drops0, trials0)
    pooled = (drops + drops0) / (trials + trials0)
    return lower, upper, np.sqrt(pooled * (1 - pooled) * (1 / trials + 1 / trials0))


def _of_curves(cells: pd.DataFrame, excess: NDArray[np.float64]) -> Ends:
    """Lower end, upper end and error of two estimates; NaN where one has neither.

    At a rate of 0 or 1 a curve has no error: the intervals of both rates then give the ends, and
    the error by which p agrees with them.
    """
    own, other = (
        {name: cells[side + name].to_numpy(float) for name in ("rate", "se", "lo", "hi")}
        for side in ("", "reference_")
    )
    error = np.hypot(own["se"], other["se"])
    known = (own["se"] > 0) & (other["se"] > 0)
    below = np.hypot(own["rate"] - own["lo"], other["hi"] - other["rate"])
    above = np.hypot(own["hi"] - own["rate"], other["rate"] - other["lo"])
    lower = excess - np.where(known, _Z * error, below)
    upper = excess + np.where(known, _Z * error, above)
    towards_0 = np.where(excess > 0, below, above) / _Z
    return (
        np.maximum(lower, -1),
        np.minimum(upper, 1),
        np.where(known, error, towards_0),
    )


def _ranked(found: pd.DataFrame) -> pd.DataFrame:
    """Add q_value and tests of each family, and rank: a family is a map and a reference."""
    parts = []
    for _, family in found.groupby(["map_no", "reference"], sort=True):
        tested = family["p_value"].where(~family["is_small"])
        order = family.sort_values(
            ["recoverable_lo", "recoverable", *KEYS], ascending=[False, False] + [True] * len(KEYS)
        )
        listed = order.index[~order["is_small"] & (order["recoverable_lo"] > 0)]
        places = pd.Series(range(1, len(listed) + 1), index=listed, dtype="Int64")
        parts.append(
            family.assign(
                q_value=benjamini_hochberg(tested).round(12),
                tests=int(tested.notna().sum()),
                rank=places.reindex(family.index),
            )
        )
    empty = found.assign(q_value=np.nan, tests=0, rank=pd.array([None] * len(found), "Int64"))
    return pd.concat(parts) if parts else empty
