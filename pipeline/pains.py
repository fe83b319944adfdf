"""Pain points: how much more goes no further in a cell than at its reference, and what it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .statistics import ENOUGH, benjamini_hochberg, rate_difference, score_number

KEYS = ["map_no", "level", "place_no", "segment_no", "value_no", "reference"]
_SIZES = ["trials", "reference_trials", "customers", "reference_customers"]


def pains(cells: pd.DataFrame) -> pd.DataFrame:
    """Return for each cell its excess over the reference, and what could be won, ranked.

    The interval is Newcombe's, and p agrees with it: a rate counts as that of so many trials as
    have its standard error, where some were not watched to the end (`drops` or `reference_drops`
    is missing) or customers come again. recoverable = excess · per_month · goal_rate ·
    value_per_goal; where there is no value, it is counted in goals. The rank, within map and
    reference, is by the lower end: so the luckiest guess among many does not come first.
    """
    counted = (cells["drops"].notna() & cells["reference_drops"].notna()).to_numpy()
    found = rate_difference(*_side(cells, ""), *_side(cells, "reference_"))
    worth = cells["per_month"] * cells["goal_rate"] * cells["value_per_goal"].fillna(1.0)
    return _ranked(
        cells[KEYS].assign(
            is_small=cells[_SIZES].min(axis=1) < ENOUGH,
            excess=found.value.round(12),
            excess_lo=found.lower.round(12),
            excess_hi=found.upper.round(12),
            method=np.where(counted, "newcombe", "curve"),
            p_value=found.p.round(12),
            recoverable=(found.value * worth).round(9),
            recoverable_lo=(np.maximum(found.lower, 0) * worth).round(9),
        )
    )


Numbers = NDArray[np.float64]


def _side(cells: pd.DataFrame, side: str) -> tuple[Numbers, Numbers, Numbers]:
    """The rates of one side, their errors, and the trials that they rest on; NaN: nobody can tell.

    A plain share rests on its trials. At 0 and 1, where a curve has no error, it rests on those
    over which its interval is Wilson's.
    """
    rate, error, low, high, trials = (
        cells[side + name].to_numpy(float) for name in ("rate", "se", "lo", "hi", "trials")
    )
    is_share = cells[side + "drops"].notna().to_numpy()
    at_end = score_number(rate, low, high)
    inside = np.where(np.isnan(low), np.nan, trials)
    units = np.where((rate <= 0) | (rate >= 1), at_end, inside)
    return rate, np.where(is_share, 0.0, error), np.where(is_share, trials, units)


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
