"""Two arms compared within strata: Mantel and Haenszel's sums, and what could explain them away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc

from .differences import Difference
from .intervals import Floats, normal_quantile


@dataclass(frozen=True)
class Strata:
    """Sums over strata, one entry per comparison: n1 exposed, n0 others, n both.

    `exposed` is the sum of a·n0/n, where a of the exposed have the outcome, `others` that of
    c·n1/n, where c of the others have, and `weight` that of n1·n0/n. `squares` is the sum over
    independent units of the square of what a unit adds to `exposed` − `others` beyond what is
    expected of it, `ratio_squares` the same of `exposed` − ratio · `others`.
    """

    exposed: Floats
    others: Floats
    weight: Floats
    squares: Floats
    ratio_squares: Floats


def risk_difference(sums: Strata) -> Difference:
    """Return the differences of the chances of both arms, weighted over strata.

    The interval is the value ± 1.96 standard errors, within −1 to 1. NaN where nothing is compared,
    and where all have the outcome or none has, so that chance is not measured. Source: Mantel and
    Haenszel's weights, Sato 1989; errors by unit as in any estimating equation, Liang and
    Zeger 1986.

    >>> one = Strata(*(np.array([x]) for x in (7.0, 0.0, 70.0, 10.0, 0.0)))
    >>> float(risk_difference(one).value[0].round(3))
    0.1
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (sums.exposed - sums.others) / sums.weight
        error = np.sqrt(np.where(sums.squares > 0, sums.squares, np.nan)) / sums.weight
        p = erfc(np.abs(value) / error / np.sqrt(2))
    half = normal_quantile(0.95) * error
    return Difference(value, np.clip(value - half, -1, 1), np.clip(value + half, -1, 1), p, error)


def risk_ratio(sums: Strata) -> tuple[Floats, Floats, Floats]:
    """Return the ratios of the chances, exposed by others, and both ends of their 95 % intervals.

    The interval is that of the logarithm; NaN where either arm has no outcome. Source: Greenland
    and Robins 1985, errors by unit.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(sums.others > 0, sums.exposed / sums.others, np.nan)
        reach = np.exp(normal_quantile(0.95) * np.sqrt(sums.ratio_squares) / sums.exposed)
    return value, value / reach, value * reach


def e_value(ratio: ArrayLike) -> Floats:
    """Return how strong a hidden reason must be to explain a risk ratio away.

    As a risk ratio with the exposure and with the outcome, beyond all that is held alike; 1: none
    is needed. A ratio below 1 counts as its inverse. NaN where a ratio is 0 or NaN. Source:
    VanderWeele and Ding 2017.

    >>> [round(float(one), 5) for one in e_value([1.26, 1 / 1.26, 1.0])]
    [1.83236, 1.83236, 1.0]
    """
    told = np.asarray(ratio, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        far = np.maximum(told, 1 / told)
        found = far + np.sqrt(far * (far - 1))
    return np.where(told > 0, found, np.nan)
