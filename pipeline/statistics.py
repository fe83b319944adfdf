"""Statistics on small frames and arrays: intervals, survival with open ends, multiple tests."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


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
    z = _z(confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / trials
        centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
        half = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
        half = half / (1 + z**2 / trials)
    # At the ends the formula gives exactly 0 and 1; floating point misses them by a hair.
    lower = np.where(hits == 0, 0.0 * centre, centre - half)
    upper = np.where(hits == trials, 1.0 + 0.0 * centre, centre + half)
    return lower[()], upper[()]


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


def ratio(numerators: ArrayLike, denominators: ArrayLike) -> Estimate:
    """Return Σ numerators / Σ denominators with the standard error of sampled units.

    One entry per independent unit (a customer, or a journey): units are what was sampled,
    never the events inside them. Linearised: sqrt(n/(n−1) · Σ(a − R·b)²) / Σb. Units with
    nothing in either sum are counted in n but change next to nothing. NaN where the
    denominators sum to 0; the error is NaN for a single unit.
    """
    a, b = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    units, total = len(a), float(b.sum())
    if total == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, units)
    value = float(a.sum()) / total
    if units < 2:
        return Estimate(value, np.nan, np.nan, np.nan, units)
    error = float(np.sqrt(units / (units - 1) * np.sum((a - value * b) ** 2)) / total)
    half = _z(0.95) * error
    return Estimate(value, value - half, value + half, error, units)


def kaplan_meier(
    durations: ArrayLike, events: ArrayLike, counts: ArrayLike | None = None
) -> pd.DataFrame:
    """Return the share still without the event, one row per duration at which one happened.

    The curve of `aalen_johansen` when there is one kind of event: `survival` falls from 1,
    by S(t) = Π(1 − d/n); `standard_error` is Greenwood's. Its `lower` and `upper` are those
    of `survival` (log−log). Source: Kaplan & Meier 1958.

    >>> kaplan_meier([1, 2, 3], [True, False, True])[["duration", "survival"]].values.tolist()
    [[1.0, 0.6666666666666667], [3.0, 0.0]]
    """
    curve = aalen_johansen(durations, np.asarray(events).astype(bool).astype(int), counts=counts)
    curve = curve.drop(columns=["incidence", "competing"])
    return curve.assign(lower=1 - curve["upper"], upper=1 - curve["lower"])


def aalen_johansen(
    durations: ArrayLike, causes: ArrayLike, *, cause: int = 1, counts: ArrayLike | None = None
) -> pd.DataFrame:
    """Return the probability of having met `cause` by each duration, when others compete.

    `causes` says how each unit ended: 0 still open (censored), else the number of the cause;
    `counts` says how many units a row stands for. At equal durations events come before
    censorings, so a duration of 0 is legal. One row per duration with any event:
    duration · at_risk · events (of the cause) · competing (of the others) · survival (from
    all) · incidence F_c(t) = Σ S(u−)·d_c/n · its standard_error (Aalen's variance) · lower,
    upper of a log−log interval on 1 − F, NaN where F is 0 or 1. With one cause it equals
    1 − Kaplan–Meier. Source: Aalen & Johansen 1978.
    """
    risk = _risk_table(durations, causes, cause, counts)
    n, d, own = (risk[name].to_numpy(float) for name in ("at_risk", "all_events", "events"))
    survival = np.cumprod(1 - d / n)
    before = np.concatenate([[1.0], survival[:-1]])
    # Without competition F is 1 − S; summed up it would miss 1 by a hair.
    alone = np.array_equal(d, own)
    incidence = 1 - survival if alone else np.cumsum(before * own / n)
    error = np.sqrt(_incidence_variance(n, d, own, before, incidence))
    lower, upper = _log_log(incidence, error)
    return pd.DataFrame(
        {
            "duration": risk["duration"].to_numpy(float),
            "at_risk": risk["at_risk"],
            "events": risk["events"],
            "competing": risk["all_events"] - risk["events"],
            "survival": survival,
            "incidence": incidence,
            "standard_error": error,
            "lower": lower,
            "upper": upper,
        }
    )


def incidence_at(
    durations: ArrayLike,
    causes: ArrayLike,
    horizon: float,
    *,
    cause: int = 1,
    counts: ArrayLike | None = None,
) -> Estimate | None:
    """Return the probability of having met `cause` within `horizon` (inclusive), or None.

    None where nobody was followed as long as the horizon and somebody is still open: the
    data cannot say. Where the estimate is 0 or 1 neither error nor log−log interval exists;
    the interval is then Wilson's, over the units whose answer at the horizon is known.
    """
    lengths, ends = np.asarray(durations, dtype=float), np.asarray(causes)
    weights = np.ones(len(lengths)) if counts is None else np.asarray(counts, dtype=float)
    n = int(weights.sum())
    curve = aalen_johansen(lengths, ends, cause=cause, counts=counts)
    if n == 0 or (lengths.max() < horizon and not (curve["survival"] <= 0).any()):
        return None
    reached = curve[curve["duration"] <= horizon]
    last = reached.iloc[-1] if len(reached) else None
    value = 0.0 if last is None else float(last["incidence"])
    if last is not None and 0 < value < 1:
        error, lower, upper = (float(last[k]) for k in ("standard_error", "lower", "upper"))
        return Estimate(value, lower, upper, error, n)
    known = int(weights[(lengths >= horizon) | (ends != 0)].sum())
    low, high = wilson(known if value else 0, known)
    return Estimate(value, float(low), float(high), float("nan"), n)


def median_duration(curve: pd.DataFrame) -> float:
    """Return the first duration at which half have met the event; NaN if half never do.

    Takes a curve of `kaplan_meier` or `aalen_johansen`. With open units counted it is not
    biased towards the quick ones, as the median of the finished ones is.
    """
    met = curve["incidence"] if "incidence" in curve else 1 - curve["survival"]
    reached = curve.loc[met >= 0.5 - 1e-12, "duration"]
    return float(reached.iloc[0]) if len(reached) else float("nan")


def _risk_table(
    durations: ArrayLike, causes: ArrayLike, cause: int, counts: ArrayLike | None
) -> pd.DataFrame:
    """Return one row per duration with an event: at_risk, all_events, events of the cause."""
    ends = np.asarray(causes)
    frame = pd.DataFrame({"duration": np.asarray(durations, dtype=float)})
    if frame["duration"].isna().any() or (frame["duration"] < 0).any():
        raise ValueError("a duration is 0 or more and never missing")
    frame["units"] = 1 if counts is None else np.asarray(counts)
    frame["all_events"] = frame["units"].where(ends != 0, 0)
    frame["events"] = frame["units"].where(ends == cause, 0)
    table = frame.groupby("duration", as_index=False, sort=True).sum()
    table["at_risk"] = table["units"][::-1].cumsum()
    return table[table["all_events"] > 0].reset_index(drop=True)


def _incidence_variance(
    n: Floats, d: Floats, own: Floats, before: Floats, incidence: Floats
) -> Floats:
    """Return Aalen's variance at each event time, its square multiplied out into running sums."""
    alive = n > d  # at the last unit nothing moves any more: its first term is 0 · ∞
    hazard = np.divide(d, n * (n - d), out=np.zeros_like(d), where=alive)
    spread = (
        incidence**2 * np.cumsum(hazard)
        - 2 * incidence * np.cumsum(hazard * incidence)
        + np.cumsum(hazard * incidence**2)
    )
    jumps = np.cumsum(before**2 * own * (n - own) / n**3)
    shared = incidence * np.cumsum(before * own / n**2) - np.cumsum(incidence * before * own / n**2)
    variance: Floats = np.maximum(spread + jumps - 2 * shared, 0.0)
    return variance


def _log_log(incidence: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Return the interval of F whose ends are those of log(−log(1 − F)); NaN at 0 and 1."""
    left = 1 - incidence
    inside = (left > 0) & (left < 1)
    safe = np.where(inside, left, 0.5)
    reach = np.exp(_z(0.95) * error / (safe * np.abs(np.log(safe))))
    lower, upper = 1 - safe ** (1 / reach), 1 - safe**reach
    return np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
