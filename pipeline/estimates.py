"""Estimates of the KPIs: frames of counts and sums in, frames with chances and intervals out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import statistics

HORIZONS = {"goal": (1, 7, 30, 180), "cancel": (30, 90, 180, 365)}
"""Days after which the chance of a KPI with a clock is read."""
SILENCES = ("order", "activity")
"""The KPIs with a clock that are silences, which end or go on."""
_SIDES = ("with", "without")
_SPREAD = 1 - 1e-12
"""A trillionth less of the squares: what is left of sums that cancel out is no spread."""
WATCHED = 50
"""A curve of silences is read up to the last day with so many under watch."""


def shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Return each row of `successes` of `trials` with its rate and Wilson's interval."""
    lower, upper = statistics.wilson(counts["successes"], counts["trials"])
    rate = (counts["successes"] / counts["trials"]).where(counts["trials"] > 0)
    return counts.assign(lo=lower, hi=upper, rate=rate)


def detours(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the conversion with a detour less the one without, with Newcombe's interval."""
    sides = [(counts[f"converted_{side}"], counts[f"journeys_{side}"]) for side in _SIDES]
    lower, upper = statistics.newcombe(*sides[0], *sides[1])
    rates = [(hits / trials).where(trials > 0) for hits, trials in sides]
    return counts.assign(difference=rates[0] - rates[1], lo=lower, hi=upper)


def ratios(sums: pd.DataFrame) -> pd.DataFrame:
    """Return each ratio of sums over customers with its interval.

    Customers who are all alike have no spread to go by, and no interval. Where nothing was counted
    at all the upper end is what Wilson's interval allows for customers with one each, and so is
    the lower end of a share that is whole.
    """
    rows = []
    for row in sums.to_dict("records"):
        top, bottom, units = row["numerator"], row["denominator"], row["units"]
        value = top / bottom
        rest = _SPREAD * row["numerator_squared"] - 2 * value * row["product"]
        rest += value**2 * row["denominator_squared"]
        found = statistics.ratio_of_sums(units, top, bottom, rest)
        lower, upper = found.lower, found.upper
        error = found.standard_error
        if top == 0:
            lower, upper = 0.0, float(statistics.wilson(0, units)[1]) * units / bottom
        elif top == bottom and str(row["figure"]).endswith(" repeated"):
            lower, upper, error = float(statistics.wilson(units, units)[0]), 1.0, float("nan")
        elif rest <= 0:
            lower = upper = error = float("nan")
        figures = (found.value, error, lower, upper)
        rows.append((row["figure"], row["item"], units, *(round(one, 12) for one in figures)))
    columns = ["figure", "item", "units", "ratio", "se", "lo", "hi"]
    return pd.DataFrame(rows, columns=columns)


def chances(durations: pd.DataFrame) -> pd.DataFrame:
    """Return for each KPI with a clock, and horizon, the chance that it happens by then."""
    rows = []
    for (figure, group), one in durations.groupby(["figure", "group_no"], sort=True):
        if figure not in HORIZONS:
            continue
        clock = (one["days"], one["outcome"])
        units = one["units"]
        curve = statistics.aalen_johansen(*clock, counts=units)
        told = (
            *(int(units.sum()), int(units[one["outcome"] == 1].sum())),
            *(float(one["days"].max()), statistics.median_duration(curve)),
        )
        for horizon in HORIZONS[str(figure)]:
            found = statistics.incidence_at(
                *clock, horizon, counts=units, possible=one["possible_days"], curve=curve
            )
            ends = (np.nan,) * 3 if found is None else (found.value, found.lower, found.upper)
            rows.append((figure, group, horizon, *told, *(round(end, 12) for end in ends)))
    columns = ["figure", "group_no", "horizon_days", "units", "happened", "followed_days"]
    columns += ["median_days", "chance", "lo", "hi"]
    return pd.DataFrame(rows, columns=columns)


def return_curves(durations: pd.DataFrame) -> pd.DataFrame:
    """Return for each kind of silence one row per day: who is still silent, and may return."""
    told = durations[durations["figure"].isin(SILENCES)]
    parts = [
        silence_curve(one["days"], one["outcome"], one["units"]).assign(basis=basis)
        for basis, one in told.groupby("figure", sort=True)
    ]
    columns = ["basis", *silence_curve([], [], []).columns]
    whole = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    return whole[columns]


def silence_curve(
    days: pd.Series[float] | list[float],
    outcomes: pd.Series[int] | list[int],
    counts: pd.Series[int] | list[int],
) -> pd.DataFrame:
    """Return one row per whole day from 0, with the share still silent and the chance to return.

    at_risk · returned · survival · lo · hi · plateau · p_return. A silence ended on its day
    (outcome 1) or goes on (0). `survival` is the Kaplan-Meier share still silent, `plateau` its
    value on the last day with WATCHED at risk, NaN where there never are so many, and
    p_return = (survival − plateau) / survival, never below 0.

    >>> silence_curve([1, 2], [1, 0], [75, 25])[["survival", "p_return"]].values.tolist()
    [[1.0, 0.75], [0.25, 0.0], [0.25, 0.0]]
    """
    lengths, units = np.asarray(days, dtype=int), np.asarray(counts, dtype=np.int64)
    ended = np.asarray(outcomes) == 1
    last = int(lengths.max()) + 1 if len(lengths) else 0
    leaving = np.bincount(lengths, weights=units, minlength=last).astype(np.int64)
    returned = np.bincount(lengths[ended], weights=units[ended], minlength=last).astype(np.int64)
    at_risk = leaving[::-1].cumsum()[::-1]
    curve = statistics.kaplan_meier(lengths, ended, counts=units).set_index("duration")
    dense = curve[["survival", "lower", "upper"]].reindex(np.arange(last, dtype=float)).ffill()
    survival = dense["survival"].fillna(1.0).to_numpy()
    enough = np.flatnonzero(at_risk >= WATCHED)
    plateau = survival[enough[-1]] if len(enough) else np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = np.where(survival > 0, (survival - plateau) / survival, 0.0 * plateau)
    return pd.DataFrame(
        {
            "days": np.arange(last),
            "at_risk": at_risk,
            "returned": returned,
            "survival": survival.round(12),
            "lo": dense["lower"].to_numpy().round(12),
            "hi": dense["upper"].to_numpy().round(12),
            "plateau": np.full(last, plateau).round(12),
            "p_return": np.maximum(chance, 0.0).round(12),
        }
    )
