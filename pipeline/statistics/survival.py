"""How long until something happens, when for some it has not happened yet."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .intervals import Estimate, Floats, normal_quantile, wilson


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
    possible: ArrayLike | None = None,
    curve: pd.DataFrame | None = None,
) -> Estimate | None:
    """Return the probability of having met `cause` within `horizon` (inclusive), or None.

    None where nobody was followed as long as the horizon, unless all have met it or ended before:
    and that the last one under watch has says nothing of later, where others are open and nobody
    could be followed so long.
    `possible` says how long a unit could have been watched; by default its duration. Where the
    estimate is 0 or 1 neither error nor log−log interval exists; the interval is then Wilson's,
    over the units whose answer at the horizon is known, or at 1, where some are open, over those
    that could be followed so long: of the others only the quick ones are known. `curve` is their
    curve, where it is at hand.
    """
    lengths, ends = np.asarray(durations, dtype=float), np.asarray(causes)
    weights = np.ones(len(lengths)) if counts is None else np.asarray(counts, dtype=float)
    n = int(weights.sum())
    longest = lengths if possible is None else np.maximum(lengths, np.asarray(possible, float))
    followed = int(weights[longest >= horizon].sum())
    known = int(weights[(lengths >= horizon) | (ends != 0)].sum())
    if n == 0:
        return None
    if curve is None:
        curve = aalen_johansen(lengths, ends, cause=cause, counts=counts)
    is_over = bool((curve["survival"] <= 0).any()) and (followed > 0 or known == n)
    if lengths.max() < horizon and not is_over:
        return None
    reached = curve[curve["duration"] <= horizon]
    last = reached.iloc[-1] if len(reached) else None
    value = 0.0 if last is None else float(last["incidence"])
    if last is not None and 0 < value < 1:
        error, lower, upper = (float(last[k]) for k in ("standard_error", "lower", "upper"))
        return Estimate(value, lower, upper, error, n)
    told = known if value == 0 or known == n else followed
    low, high = wilson(told if value else 0, told)
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
    reach = np.exp(normal_quantile(0.95) * error / (safe * np.abs(np.log(safe))))
    lower, upper = 1 - safe ** (1 / reach), 1 - safe**reach
    return np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)
