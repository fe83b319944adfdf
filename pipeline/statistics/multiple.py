"""Many tests in one table: how many of the discoveries are false."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .intervals import Floats

ALPHA = 0.05
"""Up to this false rate q a difference is called a discovery."""


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Return the adjusted p-values: those at most q are the discoveries at false rate q.

    A family is all tests that one table shows. A NaN is a test that was not made: it stays
    NaN and does not count in the family. Source: Benjamini & Hochberg 1995.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    p = np.asarray(p_values, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    made = np.flatnonzero(~np.isnan(p))
    falling = made[np.argsort(-p[made], kind="stable")]
    ranks = np.arange(len(falling), 0, -1)
    adjusted[falling] = np.minimum.accumulate(np.minimum(p[falling] * len(falling) / ranks, 1))
    return adjusted
