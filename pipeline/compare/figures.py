"""The figures of two groups beside each other: value, difference, interval, p, q, verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..statistics import (
    ALPHA,
    ENOUGH,
    Difference,
    Sums,
    benjamini_hochberg,
    detectable_difference,
    rate_difference,
    ratio_difference,
    shared_covariance,
)
from ..values import DAY_US

SHARED = ("shared_nn", "shared_nd", "shared_dn", "shared_dd")
COLUMNS = ["figure", "item", "unit", "value_a", "value_b", "n_a", "n_b", "difference"]
COLUMNS += ["difference_lo", "difference_hi", "p", "q", "detectable", "verdict", "reason"]

Row = dict[str, Any]
_SHARES = ("straight_share", "stop_rate")
_UNITS = {
    "squiggle_index": "share",
    "straight_share": "share",
    "touches_to_goal": "touches",
    "stop_rate": "share",
    "revenue_per_journey": "money",
    "order_value": "money",
    "nps": "points",
}
_NONE = {
    "squiggle_index": "no journey that was followed for T changed its stage",
    "straight_share": "no journey that was followed for T changed its stage",
    "touches_to_goal": "no journey that was followed for T reached the goal within it",
    "stop_rate": "no visit lies far enough back to tell whether it was the last",
    "revenue_per_journey": "no order with money within T of a journey that was followed for it",
    "order_value": "no order with money within T of a journey that was followed for it",
    "nps": "no NPS answer within T of the beginning of a journey that was followed for it",
}
_OF_ENDING = ("stop_rate",)


def rate_rows(
    rates: pd.DataFrame, stages: pd.DataFrame, errors: Mapping[str, float], told: str | None
) -> list[Row]:
    """Return the rows of conversion, of drop-off at each stage, and of the medians to the goal.

    Takes `compare_rates`, one row per stage (stage_no, figure, item, is_drop) and the bootstrapped
    errors of the medians. `told` is why no rate may be read at all, where that is so.
    """
    found = []
    keyed = rates.set_index(["stage_no", "group_no"])
    for stage in stages.itertuples():
        pair = [_at(keyed, int(stage.stage_no), group_no) for group_no in (1, 2)]
        found.append(_rate_row(str(stage.figure), str(stage.item), bool(stage.is_drop), pair, told))
    whole = [_at(keyed, 0, group_no) for group_no in (1, 2)]
    none = "fewer than half of the journeys reach the goal within T"
    found.append(_median_row("median_days_to_goal", "median_us", whole, errors, told, none))
    converts = [one and one | {"journeys": one["progressed"]} for one in whole]
    none = "no journey reaches the goal within T"
    found.append(_median_row("median_days_of_converted", "half_us", converts, errors, told, none))
    return found


def ratio_rows(ratios: pd.DataFrame, watched: tuple[bool, bool], told: str | None) -> list[Row]:
    """Return the rows of the measures of `compare_ratios`, money by currency.

    `watched` says whether a group was followed for T, `told` why no figure of how journeys end may
    be read, where that is so.
    """
    found = []
    short = [letter for letter, is_watched in zip("ab", watched, strict=True) if not is_watched]
    unfollowed = f"no journey of {' and '.join(short)} was followed for as long as T"
    for name, unit in _UNITS.items():
        own = ratios[ratios["measure"] == name]
        reason = told if name in _OF_ENDING else None
        if short and name != "stop_rate":
            reason = unfollowed
        if reason or not len(own):
            row = {"figure": name, "item": "", "unit": unit, "n_a": 0, "n_b": 0}
            found.append({**row, "reason": reason or _NONE[name]})
            continue
        found += [_ratio_row(name, unit, sums) for sums in own.to_dict("records")]
    return found


def table(rows: list[Row]) -> pd.DataFrame:
    """Return the rows as the table of figures, the tests of all of them taken as one family."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    numbers = [
        name for name in COLUMNS if name not in ("figure", "item", "unit", "verdict", "reason")
    ]
    frame[numbers] = frame[numbers].astype(float)
    customers = pd.Series([row.get("customers", ENOUGH) for row in rows], dtype=float)
    lone = customers < ENOUGH
    frame.loc[customers < 2, ["difference_lo", "difference_hi"]] = np.nan
    enough = (frame[["n_a", "n_b"]].min(axis=1) >= ENOUGH) & ~lone
    frame["p"] = frame["p"].where(enough & frame["difference"].notna())
    frame["q"] = benjamini_hochberg(frame["p"])
    frame["detectable"] = frame["detectable"].where(frame["p"].notna())
    frame["verdict"] = [_verdict(row) for row in frame.to_dict("records")]
    frame["reason"] = frame["reason"].astype(object).where(frame["reason"].notna(), None)
    few = frame["difference"].notna() & ~enough & frame["reason"].isna()
    frame.loc[few, "reason"] = f"fewer than {ENOUGH} in a group"
    frame.loc[few & lone & (frame[["n_a", "n_b"]].min(axis=1) >= ENOUGH), "reason"] = (
        f"fewer than {ENOUGH} customers in a group"
    )
    return frame


def _verdict(row: Row) -> str:
    if pd.isna(row["difference"]):
        return "not comparable"
    if pd.isna(row["q"]):
        return "not tested"
    if row["q"] > ALPHA:
        return "no significant change"
    return "higher" if row["difference"] > 0 else "lower"


def _at(keyed: pd.DataFrame, stage_no: int, group_no: int) -> Row | None:
    if (stage_no, group_no) not in keyed.index:
        return None
    return dict(keyed.loc[(stage_no, group_no)])


def _rate_row(
    figure: str, item: str, is_drop: bool, pair: list[Row | None], told: str | None
) -> Row:
    row: Row = {"figure": figure, "item": item, "unit": "share"}
    a, b = pair
    row |= {"n_a": a["journeys"] if a else 0, "n_b": b["journeys"] if b else 0}
    rates = [one["progress_rate"] if one and one["is_watched"] else np.nan for one in pair]
    if is_drop:
        rates = [1 - rate for rate in rates]
    if told:
        return row | {"reason": told}
    row |= {"value_a": rates[0], "value_b": rates[1]}
    row |= {"customers": min(one["customers"] if one else 0 for one in pair)}
    if a is None or b is None or np.isnan(rates).any():
        return row | {"reason": _unwatched(pair)}
    found = rate_difference(
        *(rates[0], a["progress_se"], _units(a)),
        *(rates[1], b["progress_se"], _units(b)),
        covariance=a["covariance"],
    )
    row |= _told(found)
    if min(a["followed"], b["followed"]) < ENOUGH:
        row |= {"p": np.nan, "reason": f"fewer than {ENOUGH} in a group were followed for T"}
    return row


def _units(one: Row) -> float:
    """The journeys that a rate rests on: at 0 and 1 those that are known, a customer's as one.

    At 1, where some are open, those that were followed for T: of the others the quick are known.
    """
    if 0 < one["progress_rate"] < 1:
        return float(one["journeys"])
    is_whole = one["progress_rate"] == 0 or one["known"] == one["journeys"]
    return float(min(one["known"] if is_whole else one["followed"], one["customers"]))


def _unwatched(pair: list[Row | None]) -> str:
    empty = [name for name, one in zip("ab", pair, strict=True) if one is None]
    if empty:
        return f"no journey of {' and '.join(empty)} stood there"
    short = [name for name, one in zip("ab", pair, strict=True) if one and not one["is_watched"]]
    return f"no journey of {' and '.join(short)} was followed for as long as T"


def _median_row(
    figure: str,
    column: str,
    pair: list[Row | None],
    errors: Mapping[str, float],
    told: str | None,
    none: str,
) -> Row:
    row: Row = {"figure": figure, "item": "", "unit": "days"}
    a, b = pair
    row |= {"n_a": a["journeys"] if a else 0, "n_b": b["journeys"] if b else 0}
    if told:
        return row | {"reason": told}
    if a is None or b is None or not (a["is_watched"] and b["is_watched"]):
        return row | {"reason": _unwatched(pair)}
    row |= {"customers": min(a["customers"], b["customers"])}
    days = [one[column] / DAY_US for one in (a, b)]
    row |= {"value_a": days[0], "value_b": days[1]}
    if np.isnan(days).any():
        return row | {"reason": none}
    if min(a["followed"], b["followed"]) < ENOUGH:
        reason = f"fewer than {ENOUGH} in a group were followed for T"
        return row | {"difference": days[0] - days[1], "reason": reason}
    if np.isnan(errors[figure]) or errors[figure] < 1e-9:
        reason = (
            "of customers drawn again, too often fewer than half reach the goal within T"
            if np.isnan(errors[figure])
            else "the medians are the same however customers are drawn again"
        )
        return row | {"difference": days[0] - days[1], "reason": reason}
    return row | _told(ratio_difference(days[0], errors[figure], days[1], 0.0))


def _ratio_row(name: str, unit: str, sums: Row) -> Row:
    row: Row = {"figure": name, "item": sums["item"], "unit": unit}
    row |= {"n_a": sums["units_1"], "n_b": sums["units_2"]}
    row |= {"customers": min(sums["customers_1"], sums["customers_2"])}
    one, other = sums_of(sums, 1), sums_of(sums, 2)
    scale = 100 if unit == "money" else 1
    a, b = float(one.ratio) / scale, float(other.ratio) / scale
    row |= {"value_a": a, "value_b": b}
    if np.isnan([a, b]).any():
        return row | {"reason": _NONE[name]}
    shared = shared_covariance(one, other, *(sums[key] for key in SHARED)) / scale**2
    if name in _SHARES:
        n_a, n_b = (
            side.denominator if 0 < rate < 1 else np.minimum(side.denominator, customers)
            for side, rate, customers in (
                (one, a, sums["customers_1"]),
                (other, b, sums["customers_2"]),
            )
        )
        found = rate_difference(a, one.error, n_a, b, other.error, n_b, covariance=shared)
    else:
        errors = [
            side.error / scale * np.sqrt(n / (n - 1)) if n > 1 else np.nan
            for side, n in ((one, sums["customers_1"]), (other, sums["customers_2"]))
        ]
        found = ratio_difference(a, errors[0], b, errors[1], covariance=shared)
    row |= _told(found)
    if found.standard_error == 0 and name not in _SHARES:
        row |= dict.fromkeys(("difference_lo", "difference_hi", "p"), np.nan)
        if min(row["n_a"], row["n_b"], row["customers"]) >= ENOUGH:
            row["reason"] = "customers are all alike, so nothing says how sure it is"
    return row


def sums_of(sums: Any, number: int) -> Sums:
    """Return the sums of a group, of one row or of a frame with the columns of `compare_ratios`."""
    names = ("numerator", "denominator", "squares", "products", "bases")
    return Sums(**{name: np.asarray(sums[f"{name}_{number}"], dtype=float) for name in names})


def _told(found: Difference) -> Row:
    return {
        "difference": float(found.value),
        "difference_lo": float(found.lower),
        "difference_hi": float(found.upper),
        "p": float(found.p),
        "detectable": float(detectable_difference(found.standard_error)),
    }
