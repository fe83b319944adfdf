"""Removal effects: what a Markov chain loses without one of its names, and whether it is one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


_TINY = 1e-9
"""What rounding may bring a share out of its bounds by."""
_LEANS = 5.0
"""As so many moves a chance counts that is told by one name less."""


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


def held_out_bits(
    steps: ArrayLike, moves: ArrayLike, is_held_out: ArrayLike, *, symbols: int
) -> Floats:
    """Return how many bits a held-out move takes, told by 0, 1, 2 … of the names before it.

    `steps[i]` is what a move comes from, the furthest first, and where it goes; `moves[i]` says how
    often. Fewer bits are better. Each chance is counted on the moves that are not held out and
    leans on that of one name less with the weight of five moves, at last on `symbols` alike. NaN
    where nothing is held out. Source: interpolated counts, Jelinek and Mercer 1980.

    >>> walks = [[1, 1, 2], [1, 2, 1], [2, 1, 2], [2, 2, 1]]
    >>> bits = held_out_bits(walks * 2, [40] * 8, [False] * 4 + [True] * 4, symbols=2)
    >>> bits.round(2).tolist()  # who stood where just before says it all
    [1.0, 0.04, 0.0]
    """
    walked, often = np.asarray(steps), np.asarray(moves, dtype=float)
    held = np.asarray(is_held_out, dtype=bool)
    orders = walked.shape[1]
    chance = np.full(len(walked), 1.0 / symbols)
    learned, told = np.where(held, 0.0, often), often[held]
    found = np.full(orders, np.nan)
    for order in range(orders):
        met = _added(walked[:, orders - 1 - order :], learned)
        left = _added(walked[:, orders - 1 - order : -1], learned)
        chance = (met + _LEANS * chance) / (left + _LEANS)
        if told.sum() > 0:
            found[order] = -(told * np.log2(chance[held])).sum() / told.sum()
    return found


def _added(keys: NDArray[np.int64], often: Floats) -> Floats:
    """For each row the sum over all rows with the same key."""
    if not keys.shape[1]:
        return np.full(len(keys), often.sum())
    _, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.reshape(-1)
    return np.asarray(np.bincount(place, weights=often)[place], dtype=float)
