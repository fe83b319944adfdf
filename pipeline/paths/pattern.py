"""A path pattern held against journeys: which match, how sure, and how they end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..patterns import Expression
from ..questions import Rows, Scope, answer, at_least, chosen_map, expressed, scope_rows
from ..statistics import Sums, effective_number, rate_difference, score_interval, wilson
from ..warehouse import Warehouse

_OUTCOMES = "from pattern_outcomes where group_no = 1 order by is_match desc"
_EXAMPLES = """
select
    customer.customer_id,
    found.status as outcome,
    found.matches,
    make_timestamp(found.first_us) as first_at,
    make_timestamp(found.last_us) as last_at,
    found.last_step - found.first_step + 1 as steps
from pattern_matches as found
inner join numbered_customers as customer on customer.customer_no = found.customer_no
order by found.matches desc, found.customer_no, found.journey_no
limit $most
"""
_SHOWN = [
    *("is_match", "journeys", "share", "share_lo", "share_hi", "customers", "matches"),
    *("converted", "dropped", "open", "conversion_rate", "conversion_lo", "conversion_hi"),
    "median_s",
]


@dataclass(frozen=True)
class Matched:
    """What a pattern found.

    `reading` is the pattern with every name's kind said; `outcomes` has one row for the journeys
    that match and one for those that do not: journeys, their share of all with its interval,
    customers, matches, converted, dropped, open, conversion_rate (of those whose outcome is known)
    with its interval, median_s from the first to the last step of a match. `difference` is the
    conversion of those that match less that of the others, with its interval; None where either
    has none whose outcome is known, and where a match itself tells who converts: the pattern
    `holds_goal`, or goes `to_end`, or of those that match and convert, `late` had met the goal
    before the match was over. `examples` has a row per matching journey, most matches first.
    """

    reading: str
    outcomes: pd.DataFrame
    difference: tuple[float, float, float] | None
    holds_goal: bool
    to_end: bool
    late: int
    examples: pd.DataFrame


def pattern(
    warehouse: Warehouse, text: str, scope: Scope | None = None, *, examples: int = 10
) -> Matched:
    """Return which journeys of a scope match a path pattern, and how they end.

    Raises DataError that points at the character where the pattern is wrong.
    """
    at_least(0, examples, "examples")
    expression, rows = pattern_rows(warehouse, text, scope or Scope())
    answer(warehouse, ["pattern_outcomes"], rows)
    found = warehouse.frame(_OUTCOMES)
    outcomes, late = _with_intervals(found), int(found["late"].sum())
    is_told = expression.holds_goal or expression.to_end or late > 0
    return Matched(
        reading=expression.reading,
        outcomes=outcomes[_SHOWN],
        difference=None if is_told else _difference(outcomes),
        holds_goal=expression.holds_goal,
        to_end=expression.to_end,
        late=late,
        examples=warehouse.frame(_EXAMPLES, {"most": examples}),
    )


def pattern_rows(warehouse: Warehouse, text: str, scope: Scope) -> tuple[Expression, Rows]:
    """Return a pattern as an expression, and the rows that `pattern_matches` is asked with."""
    map_no, _ = chosen_map(warehouse, scope.map_name)
    expression = expressed(warehouse, text, map_no)
    return expression, scope_rows(warehouse, scope, asked=expression)


def _with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """The outcomes with shares and their intervals; a row for either answer, if there are none."""
    frame = frame.set_index("is_match").reindex([True, False]).reset_index()
    counts = ["journeys", "customers", "matches", "converted", "dropped", "open"]
    frame[counts] = frame[counts].fillna(0).astype("int64")
    all_journeys, known = frame["journeys"].sum(), frame["journeys"] - frame["open"]
    frame["error"], frame["units"] = _by_customer(frame, known)
    frame["share"] = frame["journeys"] / all_journeys if all_journeys else float("nan")
    frame["share_lo"], frame["share_hi"] = wilson(frame["journeys"], [all_journeys] * 2)
    frame["conversion_rate"] = (frame["converted"] / known).where(known > 0)
    frame["conversion_lo"], frame["conversion_hi"] = score_interval(
        frame["conversion_rate"].to_numpy(float), frame["units"].to_numpy(float)
    )
    frame["median_s"] = frame["median_us"] / 1_000_000
    return frame


def _by_customer(frame: pd.DataFrame, known: pd.Series) -> tuple[Any, Any]:
    """The error of each conversion rate by customer, and how many journeys would have it.

    Where the rate is 0 or 1 these are as many as the customers, for none differs from another.
    """
    names = ("squares", "products", "bases")
    sums = Sums(*(frame[name].to_numpy(float) for name in ("converted", "known", *names)))
    is_inside = (sums.ratio > 0) & (sums.ratio < 1)
    most = known.where(is_inside, np.minimum(known, frame["customers"])).to_numpy(float)
    return sums.error, effective_number(sums.ratio, sums.error, most)


def _difference(outcomes: pd.DataFrame) -> tuple[float, float, float] | None:
    """Conversion of those that match less that of the others, with Newcombe's interval.

    Journeys of a customer are no witnesses of their own: a rate counts as that of so many journeys
    as its error by customer is worth.
    """
    known = outcomes["journeys"] - outcomes["open"]
    if not known.gt(0).all():
        return None
    sides = zip(outcomes["conversion_rate"], outcomes["error"], outcomes["units"], strict=True)
    found = rate_difference(*next(sides), *next(sides))
    return float(found.value), float(found.lower), float(found.upper)
