"""Removal effects: the share of conversions that a Markov chain loses without one of its names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


_TINY = 1e-9
"""What rounding may bring a share out of its bounds by."""


@dataclass(frozen=True)
class Removal:
    """What taking each name out would cost.

    `rate` is the chance of a path to convert, `of_conversions` the share of conversions that is
    lost with each name, `of_value` that of their money; NaN where there is none to lose, of money
    also where returns outweigh what was paid, so that what is lost is no share of it.
    """

    rate: Floats
    of_conversions: Floats
    of_value: Floats


def removal_effects(moves: ArrayLike, value: ArrayLike) -> Removal:
    """Return the removal effects of n names, from the moves of whole paths, first order.

    `moves[..., i, j]` counts the moves from i (0 the start, then the names) to j (the names, then
    the conversion, then the end without); `value[..., i]` is the money of the conversions that
    come from i. Axes before these are chains of their own. To take a name out is to end without
    conversion whatever enters it. The exact answer, from one inverse: of the fundamental matrix N,
    the chance to ever visit c is N[s,c] / N[c,c], and what is lost is that times the conversions
    that follow from c (Anderl, Becker, von Wangenheim and Schumann, 2016).

    >>> google_mailing = [[4, 1, 0, 0], [0, 1, 2, 1], [0, 0, 2, 0]]
    >>> removal_effects(google_mailing, [0, 2, 2]).of_conversions.round(2).tolist()
    [0.75, 0.5]
    """
    counts, money = np.asarray(moves, dtype=float), np.asarray(value, dtype=float)
    names = counts.shape[-1] - 2
    left = counts.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = np.where(left[..., None] > 0, counts / left[..., None], 0.0)
        worth = np.where(left > 0, money / left, 0.0)
        among = chance[..., 1:, :names]
        fundamental: Floats = np.asarray(np.linalg.inv(np.eye(names) - among), dtype=float)
        entered = chance[..., :1, :names]
        visits = (entered @ fundamental)[..., 0, :]
        again = np.diagonal(fundamental, axis1=-2, axis2=-1)
        ever: Floats = np.asarray(visits / again, dtype=float)
        rate, lost = _lost(chance[..., names], entered, fundamental, ever)
        _, lost_value = _lost(worth, entered, fundamental, ever)
        within = ((lost_value > -_TINY) & (lost_value < 1 + _TINY)).all(axis=-1, keepdims=True)
        lost_value = np.where(within, lost_value.clip(0, 1), np.nan)
    return Removal(rate, lost, lost_value)


def _lost(
    at_exit: Floats, entered: Floats, fundamental: Floats, ever: Floats
) -> tuple[Floats, Floats]:
    """What a path brings in all, and the share of it that each name is needed for."""
    from_name = (fundamental @ at_exit[..., 1:, None])[..., 0]
    in_all = (entered @ from_name[..., None])[..., 0, 0] + at_exit[..., 0]
    return in_all, ever * from_name / in_all[..., None]
