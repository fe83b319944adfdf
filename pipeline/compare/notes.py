"""What a reader must know before believing a difference: one sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ..questions import Scope
from ..warehouse import Warehouse

_ASSOCIATION = (
    "Groups that differ in one thing differ in others too: a difference is an association, not "
    "the effect of what tells the groups apart."
)
_BEFORE_AFTER = (
    "Periods follow one another: whatever else changed in between is in the difference too, so it "
    "is not the effect of any one change."
)
_OUTCOME = (
    "The groups are told apart by how their journeys ended, which depends on how long they lived: "
    "who goes on longer meets more on the way. Rates of ending are not compared, and the others "
    "say what goes with an outcome, not what leads to it."
)
_PATH = (
    "The groups are told apart by the path of their journeys, which depends on how long they "
    "lived: rates of ending are not compared, and the others say what goes with a path, not what "
    "leads to it."
)
_MATCHING = (
    "Only journeys that match a path are compared: those that lived long enough to take it. Times "
    "still count from their beginning."
)


def notes(built: Warehouse, a: Scope, b: Scope, populations: pd.DataFrame) -> tuple[str, ...]:
    """Return the sentences that belong beside the comparison of the groups a and b."""
    found = []
    periods = [list(one.segments.get("period", ())) for one in (a, b)]
    if a.outcomes or b.outcomes:
        found.append(_OUTCOME)
    elif a.matching != b.matching:
        found.append(_PATH)
    elif a.matching:
        found.append(_MATCHING)
    found.append(_BEFORE_AFTER if all(periods) else _ASSOCIATION)
    if all(periods):
        found += _seasons(built, *periods)
    for letter, row in zip("ab", populations.to_dict("records"), strict=True):
        found += _followed(letter, row)
    shared = int(populations["shared_customers"].max())
    if shared:
        found.append(
            f"{shared:,} {'customer is' if shared == 1 else 'customers are'} in both groups; "
            "errors and tests take it into account."
        )
    return tuple(found)


def _seasons(built: Warehouse, one: Sequence[str], other: Sequence[str]) -> list[str]:
    """A warning where the periods are not the same season, and which ones would be."""
    found = []
    partial = {
        value
        for (value,) in built.rows(
            "select value from segment_values where segment = 'period' and is_partial"
        )
    }
    met = sorted(partial & {*one, *other})
    if met:
        found.append(f"The data begin or end in {', '.join(met)}: not the whole period is there.")
    if {value[4:] for value in one} != {value[4:] for value in other}:
        wanted = sorted({_year_before(value) for value in one})
        known = {
            value
            for (value,) in built.rows("select value from segment_values where segment = 'period'")
        }
        there = "" if known >= set(wanted) else ", which the data do not hold"
        found.append(
            "The periods are different seasons of the year, so a difference may be the season's; "
            f"the same season a year before is {', '.join(wanted)}{there}."
        )
    return found


def _year_before(period: str) -> str:
    """The same period a year before; the last week and day of a long year are those of a short one.

    >>> _year_before("2026-Q1"), _year_before("2020-W53"), _year_before("2024-02-29")
    ('2025-Q1', '2019-W52', '2023-02-28')
    """
    year, rest = int(period[:4]) - 1, period[4:]
    weeks = date(year, 12, 28).isocalendar().week
    if rest == "-W53" and weeks < 53:
        rest = "-W52"
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if rest == "-02-29" and not is_leap:
        rest = "-02-28"
    return f"{year}{rest}"


def _followed(letter: str, row: dict[str, float]) -> list[str]:
    found = []
    if row["left_out"]:
        found.append(
            f"{int(row['left_out']):,} journeys of {letter} are left out: they may have begun "
            "before the data (see recorded_since in the project file)."
        )
    if row["journeys"] and row["unseen"] / row["journeys"] > 0.2:
        found.append(
            f"{row['unseen'] / row['journeys']:.0%} of the journeys of {letter} may have begun "
            "before the data; the squiggle leaves them out, rates count them."
        )
    if row["journeys"] and row["followed"] < row["journeys"]:
        found.append(
            f"{int(row['followed']):,} of {int(row['journeys']):,} journeys of {letter} were "
            "followed for T; rates count the others as long as they were followed, the other "
            "figures leave them out."
        )
    return found
