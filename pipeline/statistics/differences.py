"""Two groups beside each other: the difference, its interval, its p, and what could be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc

from .intervals import Floats, normal_quantile, score_interval

_SURE = 40.0
"""Standard errors beyond which p is 0 to the last digit."""


@dataclass(frozen=True)
class Difference:
    """Differences a − b with 95 % intervals, p-values and standard errors, one entry per figure."""

    value: Floats
    lower: Floats
    upper: Floats
    p: Floats
    standard_error: Floats


def rate_difference(
    rate_a: ArrayLike,
    error_a: ArrayLike,
    n_a: ArrayLike,
    rate_b: ArrayLike,
    error_b: ArrayLike,
    n_b: ArrayLike,
    *,
    covariance: ArrayLike = 0.0,
) -> Difference:
    """Return the difference of rates between 0 and 1 by Newcombe's square-and-add rule.

    A rate counts as that of its effective number of units, rate·(1 − rate) / error², at most n:
    so shares of independent units get Newcombe's interval exactly, and shares that are clustered
    by customer or read from a survival curve a wider one. `covariance` is that of the two rates,
    from customers in both groups; it enters as in Newcombe's interval for pairs. p is the
    confidence at which the interval would just touch 0, taken from 1: below 0.05 where the 95 %
    interval leaves 0 out. Where a rate is 0 or 1, and so has no error, the standard error is that
    of the interval. NaN where a rate is. Sources: Newcombe 1998 (both), Rothman 1978.
    """
    ra, rb, na, nb, ea, eb = np.broadcast_arrays(
        *(np.asarray(one, dtype=float) for one in (rate_a, rate_b, n_a, n_b, error_a, error_b))
    )
    ka, kb = effective_number(ra, ea, na), effective_number(rb, eb, nb)
    with np.errstate(invalid="ignore", divide="ignore"):
        shared = np.clip(np.asarray(covariance, dtype=float) / (ea * eb), -1, 1)
    shared = np.where(np.isfinite(shared), shared, 0.0)
    value = ra - rb
    lower, upper = _square_and_add(ra, ka, rb, kb, shared, normal_quantile(0.95))
    low, high = np.zeros_like(value), np.full_like(value, _SURE)
    for _ in range(60):
        z = (low + high) / 2
        down, up = _square_and_add(ra, ka, rb, kb, shared, z)
        outside = (down > 0) | (up < 0)
        low, high = np.where(outside, z, low), np.where(outside, high, z)
    p = np.where(np.isnan(lower), np.nan, erfc(low / np.sqrt(2)))
    error = np.sqrt(np.maximum(ea**2 + eb**2 - 2 * np.asarray(covariance, dtype=float), 0))
    half = (upper - lower) / 2 / normal_quantile(0.95)
    error = np.where((ea > 0) & (eb > 0), error, half)
    return Difference(value, lower, upper, p, error)


def ratio_difference(
    value_a: ArrayLike,
    error_a: ArrayLike,
    value_b: ArrayLike,
    error_b: ArrayLike,
    *,
    covariance: ArrayLike = 0.0,
) -> Difference:
    """Return the difference of two estimates with their standard errors, by the normal rule.

    For ratios of sums and whatever else is no share. p is 1 where both are the same without any
    spread, NaN where they differ without any: one cannot test what does not vary.
    """
    value = np.asarray(value_a, dtype=float) - np.asarray(value_b, dtype=float)
    squared = np.asarray(error_a, dtype=float) ** 2 + np.asarray(error_b, dtype=float) ** 2
    error = np.sqrt(np.maximum(squared - 2 * np.asarray(covariance, dtype=float), 0))
    half = normal_quantile(0.95) * error
    with np.errstate(invalid="ignore", divide="ignore"):
        p = erfc(np.abs(value) / error / np.sqrt(2))
    p = np.where(error > 0, p, np.where(value == 0, 1.0, np.nan))
    p = np.where(np.isnan(value) | np.isnan(error), np.nan, p)
    return Difference(value, value - half, value + half, p, error)


@dataclass(frozen=True)
class Sums:
    """What a ratio Σn/Σd of customers is known by: its sums, and those of their products.

    `squares` is Σn², `products` Σn·d and `bases` Σd², all of the customers' own sums.
    """

    numerator: Floats
    denominator: Floats
    squares: Floats
    products: Floats
    bases: Floats

    @property
    def ratio(self) -> Floats:
        """Σn/Σd; NaN of nothing."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.numerator / self.denominator)

    @property
    def error(self) -> Floats:
        """Its standard error, customers being what was sampled: √Σ(n − r·d)² / Σd."""
        r = self.ratio
        # A trillionth less: what is left of sums that cancel out is no error.
        squares = (1 - 1e-12) * self.squares
        spread = np.maximum(squares - 2 * r * self.products + r**2 * self.bases, 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.sqrt(spread) / self.denominator)


def shared_covariance(
    one: Sums, other: Sums, nn: ArrayLike, nd: ArrayLike, dn: ArrayLike, dd: ArrayLike
) -> Floats:
    """Return the covariance of two ratios from the customers in both.

    `nn`, `nd`, `dn` and `dd` are their sums of products: numerator or denominator in the first
    group times numerator or denominator in the second.
    """
    r, s = one.ratio, other.ratio
    both = np.asarray(nn) - s * np.asarray(nd) - r * np.asarray(dn) + r * s * np.asarray(dd)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(both / one.denominator / other.denominator)


def effective_number(rate: ArrayLike, error: ArrayLike, n: ArrayLike) -> Floats:
    """Return how many independent units would give the rate this standard error; at most n.

    n itself where the rate is 0 or 1, for there the error says nothing.
    """
    r, e, units = (np.asarray(one, dtype=float) for one in (rate, error, n))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = r * (1 - r) / e**2
    whole = (r <= 0) | (r >= 1) | ~(e > 0)
    return np.where(whole, units, np.minimum(found, units))


def detectable_difference(standard_error: ArrayLike) -> Floats:
    """Return the true difference that a test at 0.05, two-sided, finds four times out of five.

    2.8 standard errors of the difference: for two shares about p of n units each,
    2.8·sqrt(2·p·(1 − p)/n).
    """
    return np.asarray(standard_error, dtype=float) * (normal_quantile(0.95) + normal_quantile(0.6))


def _square_and_add(
    ra: Floats, ka: Floats, rb: Floats, kb: Floats, shared: Floats, z: ArrayLike
) -> tuple[Floats, Floats]:
    lower_a, upper_a = score_interval(ra, ka, z=z)
    lower_b, upper_b = score_interval(rb, kb, z=z)
    below = _joined(ra - lower_a, upper_b - rb, shared)
    above = _joined(upper_a - ra, rb - lower_b, shared)
    return ra - rb - below, ra - rb + above


def _joined(one: Floats, other: Floats, shared: Floats) -> Floats:
    return np.sqrt(np.maximum(one**2 + other**2 - 2 * shared * one * other, 0))
