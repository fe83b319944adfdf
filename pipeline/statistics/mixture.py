"""Mix against rate: why a total moved, when the groups that make it up moved or changed places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .intervals import ENOUGH, Floats

_NOTHING = 1e-12


@dataclass(frozen=True)
class Decomposition:
    """A difference of two totals as the sum of a mix and a rate effect, one part per group."""

    total: float
    mix: float
    rate: float
    mix_parts: Floats
    rate_parts: Floats


def kitagawa(
    weights_a: ArrayLike, rates_a: ArrayLike, weights_b: ArrayLike, rates_b: ArrayLike
) -> Decomposition:
    """Return the difference Σ w·r of a less that of b, told apart into mix and rate.

    One entry per group, weights of each side adding up to 1. mix = Σ (wa − wb)(ra + rb)/2 is what
    the groups' changed shares made, rate = Σ (ra − rb)(wa + wb)/2 what happened inside them; they
    add up to the difference exactly, and a and b changed over only change the signs. A group that
    one side lacks has no rate there (NaN, weight 0): it counts as mix alone. NaN where a side is
    empty. Source: Kitagawa 1955.

    >>> found = kitagawa([0.7, 0.3], [0.12, 0.33], [0.2, 0.8], [0.10, 0.30])
    >>> round(found.total, 4), round(found.mix, 4), round(found.rate, 4)
    (-0.077, -0.1025, 0.0255)
    """
    wa, ra, wb, rb = (
        np.asarray(one, dtype=float) for one in (weights_a, rates_a, weights_b, rates_b)
    )
    ra, rb = np.where(wa == 0, rb, ra), np.where(wb == 0, ra, rb)
    absent = (wa == 0) & (wb == 0)
    ra, rb = np.where(absent, 0.0, ra), np.where(absent, 0.0, rb)
    mix_parts, rate_parts = (wa - wb) * (ra + rb) / 2, (ra - rb) * (wa + wb) / 2
    total = float((wa * ra).sum() - (wb * rb).sum())
    return Decomposition(
        total, float(mix_parts.sum()), float(rate_parts.sum()), mix_parts, rate_parts
    )


def is_reversed(
    total: float,
    rates_a: ArrayLike,
    rates_b: ArrayLike,
    n_a: ArrayLike,
    n_b: ArrayLike,
    *,
    least: int = ENOUGH,
) -> bool:
    """Return whether the total moved another way than every group in it (Simpson's paradox).

    Only groups with at least `least` units on both sides are asked; with fewer than two of them,
    False: what one group does is no paradox.

    >>> is_reversed(-0.077, [0.12, 0.33], [0.10, 0.30], [700, 300], [200, 800])
    True
    """
    enough = np.minimum(np.asarray(n_a), np.asarray(n_b)) >= least
    change = (np.asarray(rates_a, dtype=float) - np.asarray(rates_b, dtype=float))[enough]
    ways = set(np.where(np.abs(change) < _NOTHING, 0.0, np.sign(change)).tolist())
    way = 0.0 if abs(total) < _NOTHING else float(np.sign(total))
    return len(change) > 1 and len(ways) == 1 and ways != {way}
