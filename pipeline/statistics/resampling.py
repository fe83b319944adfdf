"""Chance measured by drawing again, in blocks of customers: samples, curves, medians."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .intervals import Floats

BLOCKS = 1024
"""About how many blocks the customers of a log are drawn in."""


def drawn_blocks(blocks: Sequence[int], *, draws: int, seed: int) -> Floats:
    """Return how often each block is in each of `draws` bootstrap samples: draws × blocks.

    `blocks` is how many there are of each kind; a kind is drawn among itself, as often as it has
    blocks, so that groups keep their sizes.
    """
    generator = np.random.default_rng(seed)
    parts = [
        generator.multinomial(count, np.full(count, 1 / count), size=draws).astype(float)
        for count in blocks
        if count
    ]
    return np.hstack(parts) if parts else np.zeros((draws, 0))


def incidence_curves(progressed: ArrayLike, abandoned: ArrayLike, leaving: ArrayLike) -> Floats:
    """Return the chance to have progressed by each moment, one curve a row.

    The arrays are samples × moments in time order: how many progress there, end otherwise, and
    leave the watch for whatever reason. Aalen–Johansen's estimate, as `aalen_johansen` has it.
    """
    own, others, left = (np.asarray(one, dtype=float) for one in (progressed, abandoned, leaving))
    at_risk = left[:, ::-1].cumsum(axis=1)[:, ::-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        hazard = np.where(at_risk > 0, (own + others) / at_risk, 0.0)
        step = np.where(at_risk > 0, own / at_risk, 0.0)
    survival = np.cumprod(1 - hazard, axis=1)
    before = np.hstack([np.ones((len(survival), 1)), survival[:, :-1]])
    return np.cumsum(before * step, axis=1)


def quantile_moments(curves: Floats, share: ArrayLike, moments: ArrayLike) -> Floats:
    """Return the first moment at which each curve reaches its share; NaN where it never does."""
    reached = curves >= np.asarray(share, dtype=float).reshape(-1, 1) - 1e-9
    times = np.asarray(moments, dtype=float)
    if not len(times):
        return np.full(len(curves), np.nan)
    return np.where(reached.any(axis=1), times[reached.argmax(axis=1)], np.nan)
