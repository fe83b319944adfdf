"""How far two distributions are apart, and whether chance alone would take them as far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from .intervals import Floats

_BATCH = 64
"""Drawn labels that are summed at once: bounds the memory to this many rows of edges."""


@dataclass(frozen=True)
class Divergence:
    """How far apart two groups are, in bits, and how often changed labels take them as far."""

    bits: float
    p: float
    draws: int
    expected_bits: float


def jensen_shannon(p: ArrayLike, q: ArrayLike) -> Floats:
    """Return the Jensen–Shannon divergence of counts or shares, in bits: 0 alike, 1 disjoint.

    The last axis is what is distributed; each side is taken to add up to 1. NaN of nothing.

    >>> round(float(jensen_shannon([0.5, 0.3, 0.2], [0.4, 0.4, 0.2])), 6)
    0.009186
    """
    one, other = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        one = one / one.sum(axis=-1, keepdims=True)
        other = other / other.sum(axis=-1, keepdims=True)
        middle = (one + other) / 2
        parts = one * np.log2(one / middle), other * np.log2(other / middle)
    kept = [np.where(side == 0, 0.0, part) for side, part in zip((one, other), parts, strict=True)]
    found = (kept[0].sum(axis=-1) + kept[1].sum(axis=-1)) / 2
    return np.asarray(np.where(found < 0, 0.0, found))


def permuted_divergence(
    alone: tuple[csr_array, csr_array],
    both: tuple[csr_array, csr_array],
    *,
    draws: int,
    seed: int,
) -> Divergence:
    """Return the divergence of two groups, with the p of changing the labels of their customers.

    Sparse counts, blocks of customers × what is distributed. `alone` holds those of customers who
    are in one group only: whole blocks change groups, and each group keeps its number of blocks.
    `both` holds, block by block, those of customers who are in both groups: a block changes its two
    sides or does not. p = (1 + labels as far apart or farther) / (1 + draws), so that it is exact
    however often a customer appears. `expected_bits` is the mean over the changed labels: what
    chance alone makes of groups of this size.
    """
    generator = np.random.default_rng(seed)
    first, second = alone
    moved = both[0] - both[1]
    blocks = first.shape[0] + second.shape[0]
    stacked = csr_array(_stack(first, second))
    fixed = np.asarray(both[1].sum(axis=0)).ravel()
    total = (
        np.asarray(stacked.sum(axis=0)).ravel() + fixed + np.asarray(both[0].sum(axis=0)).ravel()
    )
    observed = np.asarray(first.sum(axis=0)).ravel() + np.asarray(both[0].sum(axis=0)).ravel()
    bits = float(jensen_shannon(observed, total - observed))
    drawn: list[float] = []
    while len(drawn) < draws:
        size = min(_BATCH, draws - len(drawn))
        order = generator.random((size, blocks)).argsort(axis=1, kind="stable")
        labels = (order < first.shape[0]).astype(float)
        sides = (generator.random((size, moved.shape[0])) < 0.5).astype(float)
        own = (stacked.T @ labels.T).T + (moved.T @ sides.T).T + fixed
        drawn += jensen_shannon(own, total - own).tolist()
    farther = sum(value >= bits - 1e-12 for value in drawn)
    return Divergence(bits, (1 + farther) / (1 + draws), draws, float(np.mean(drawn)))


def _stack(first: csr_array, second: csr_array) -> csr_array:
    rows = np.concatenate([first.indptr, second.indptr[1:] + first.indptr[-1]])
    return csr_array(
        (
            np.concatenate([first.data, second.data]),
            np.concatenate([first.indices, second.indices]),
            rows,
        ),
        shape=(first.shape[0] + second.shape[0], first.shape[1]),
    )
