"""Shares, differences of shares, ratios: each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ENOUGH = 30
"""On fewer units, or customers, a figure is shown muted, and neither tested nor ranked."""


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval and standard error, and how many units it rests on."""

    value: float
    lower: float
    upper: float
    standard_error: float
    n: int


def wilson(k: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return lower and upper end of the Wilson interval of the share k/n.

    Takes counts or arrays of counts. Stays inside 0 to 1 and is never empty, not even for 0
    or n of n; NaN where n is 0, for then nothing is known. Source: Wilson 1927.

    >>> [round(float(end), 5) for end in wilson(81, 263)]
    [0.25529, 0.36621]
    """
    hits, trials = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    if np.any((hits < 0) | (hits > trials)):
        raise ValueError("a share needs 0 <= k <= n")
    return score_interval(hits / np.where(trials > 0, trials, np.nan), trials, confidence)


def score_interval(
    share: ArrayLike, n: ArrayLike, confidence: float = 0.95, *, z: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Return Wilson's interval of a share of n units, where n need not be a whole number.

    `z`, where given, is how many standard errors it reaches, instead of the confidence.
    """
    p, trials = np.asarray(share, dtype=float), np.asarray(n, dtype=float)
    reach = np.asarray(normal_quantile(confidence) if z is None else z, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (p + reach**2 / (2 * trials)) / (1 + reach**2 / trials)
        half = reach * np.sqrt(p * (1 - p) / trials + reach**2 / (4 * trials**2))
        half = half / (1 + reach**2 / trials)
    # At the ends the formula gives exactly 0 and 1; floating point misses them by a hair.
    lower = np.where(p == 0, 0.0 * centre, centre - half)
    upper = np.where(p == 1, 1.0 + 0.0 * centre, centre + half)
    return lower[()], upper[()]


def score_number(share: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Floats:
    """Return of how many units Wilson's interval of 0 or of 1 is so wide: n = z²·(1 − w)/w.

    NaN for any other share.

    >>> lower, upper = wilson(0, 40)
    >>> round(float(score_number(0, lower, upper)), 6)
    40.0
    """
    p, width = np.asarray(share, dtype=float), np.asarray(upper) - np.asarray(lower, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = normal_quantile(0.95) ** 2 * (1 - width) / width
    return np.where((p <= 0) | (p >= 1), found, np.nan)


def newcombe(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return lower and upper end of the interval of the difference k1/n1 − k2/n2.

    Newcombe's hybrid score interval (his method 10): two Wilson intervals squared together;
    inside −1 to 1, NaN where an n is 0. Source: Newcombe 1998.

    >>> [round(float(end), 5) for end in newcombe(9, 10, 3, 10)]
    [0.17052, 0.80902]
    """
    lower1, upper1 = wilson(k1, n1, confidence=confidence)
    lower2, upper2 = wilson(k2, n2, confidence=confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        share1 = np.asarray(k1, dtype=float) / np.asarray(n1, dtype=float)
        share2 = np.asarray(k2, dtype=float) / np.asarray(n2, dtype=float)
    difference = share1 - share2
    below = np.sqrt((share1 - lower1) ** 2 + (upper2 - share2) ** 2)
    above = np.sqrt((upper1 - share1) ** 2 + (share2 - lower2) ** 2)
    return difference - below, difference + above


def ratio(numerators: ArrayLike, denominators: ArrayLike) -> Estimate:
    """Return Σ numerators / Σ denominators with the standard error of sampled units.

    One entry per independent unit (a customer, or a journey): units are what was sampled,
    never the events inside them. Linearised: sqrt(n/(n−1) · Σ(a − R·b)²) / Σb. Units with
    nothing in either sum are counted in n but change next to nothing. NaN where the
    denominators sum to 0; the error is NaN for a single unit.
    """
    a, b = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    total = float(b.sum())
    # The squares are summed about the ratio, so that nothing is lost by cancellation.
    rest = a - (float(a.sum()) / total if total else 0.0) * b
    return ratio_of_sums(len(a), float(a.sum()), total, float(np.sum(rest**2)))


def ratio_of_sums(
    units: int, numerator: float, denominator: float, squared_rest: float
) -> Estimate:
    """Return the `ratio` of sampled units of which only sums are known.

    `squared_rest` is Σ(a − R·b)² = Σa² − 2R·Σab + R²·Σb².
    """
    if denominator == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, units)
    value = numerator / denominator
    if units < 2:
        return Estimate(value, np.nan, np.nan, np.nan, units)
    error = float(np.sqrt(units / (units - 1) * max(squared_rest, 0.0)) / denominator)
    half = normal_quantile(0.95) * error
    return Estimate(value, value - half, value + half, error, units)


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors an interval of this confidence reaches to either side."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)
