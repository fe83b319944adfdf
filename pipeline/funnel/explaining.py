"""Why another funnel differs: one rule changed at a time, each customer laid to its cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..errors import DataError
from ..questions import answer
from ..statistics import wilson
from ..warehouse import Warehouse
from .asked import TABLES
from .asking import funnel_rows
from .definition import Funnel
from .presets import PRESETS, Rules
from .result import FunnelResult, read_result

CAUSES: dict[str, tuple[str, ...]] = {
    "strictness": ("order", "entry", "stops"),
    "tie": ("ties", "grace"),
    "one event for two steps": ("shared",),
    "re-entry": ("reentry",),
    "window": ("within", "window"),
    "exclusion rule": ("exclusion",),
    "date range": ("range",),
    "session split": ("unit",),
    "open journey": ("unfinished",),
}
"""What may make the difference, in the order in which it is changed: cause and rules behind it."""

_QUESTION = ("order", "entry", "within", "unit")
_FLIPS = """
select funnel_no, first_status, first_step_no, last_status, last_step_no, count(*) as customers
from funnel_flips
group by all
order by all
"""
_CUSTOMERS = """
select
    flip.funnel_no,
    customer.customer_id,
    flip.first_status,
    flip.first_step_no,
    flip.last_status,
    flip.last_step_no
from (
    select
        funnel_flips.*,
        row_number() over (
            partition by funnel_no, first_status, first_step_no, last_status, last_step_no
            order by customer_no
        ) as place
    from funnel_flips
) as flip
inner join numbered_customers as customer on customer.customer_no = flip.customer_no
where flip.place <= $most
order by flip.funnel_no, flip.first_step_no, flip.last_step_no, customer.customer_id
"""


@dataclass(frozen=True)
class Explanation:
    """Why two funnels over the same events differ.

    ours, theirs: both results. causes: one row per cause, in the order in which the rules were
    changed, with what changed, `customers` laid to it, and the conversions that it adds and takes;
    `net` adds up to the whole difference in converted customers. outcomes: one row per cause and
    outcome here and there. customers: some of each. `repeats` are records at the steps that this
    warehouse left out as duplicates, of so many customers.
    """

    ours: FunnelResult
    theirs: FunnelResult
    causes: pd.DataFrame
    outcomes: pd.DataFrame
    customers: pd.DataFrame
    repeats: tuple[int, int]


def explain(
    warehouse: Warehouse, ours: Funnel, theirs: Funnel | str, *, most: int = 20
) -> Explanation:
    """Return why the funnel counts otherwise by the rules of another one, or of a preset.

    A preset takes over the conventions (ties, re-entry, exclusions, …); steps, order, unit, dates,
    and a window that the funnel says itself, are the question and stay.
    """
    other = as_counted_by(ours, theirs) if isinstance(theirs, str) else theirs
    if other.written() != ours.written():
        raise DataError(
            "two funnels can be explained by their rules where their steps are the same"
        )
    changes = _changes(ours, other)
    path = [ours]
    for _, names, rules in changes:
        path.append(replace(path[-1], **{name: getattr(rules, name) for name in names}))
    answer(warehouse, [*TABLES, "funnel_flips", "funnel_repeats"], funnel_rows(warehouse, path))
    first, last = read_result(warehouse, 1), read_result(warehouse, len(path))
    named = {number: cause for number, (cause, _, _) in enumerate(changes, start=2)}
    outcomes = warehouse.frame(_FLIPS)
    outcomes.insert(0, "cause", outcomes.pop("funnel_no").map(named))
    customers = warehouse.frame(_CUSTOMERS, {"most": most})
    customers.insert(0, "cause", customers.pop("funnel_no").map(named))
    records, people = warehouse.rows("select records, customers from funnel_repeats")[0]
    return Explanation(
        ours=first,
        theirs=last,
        causes=_summed(outcomes, changes, ours),
        outcomes=outcomes,
        customers=customers,
        repeats=(records, people),
    )


def as_counted_by(ours: Funnel, preset: str) -> Funnel:
    """Return the same question by the conventions of a preset."""
    if preset not in PRESETS:
        return replace(ours, rules=preset, ties=None)  # settled() says what there is
    told = PRESETS[preset].rules
    kept = {name: getattr(ours, name) for name in _QUESTION if getattr(ours, name) is not None}
    if told.order != Rules().order:
        kept["order"] = told.order
    plain = {name: None for names in CAUSES.values() for name in names}
    return replace(ours, rules=preset, **{**plain, **kept})


def side_by_side(warehouse: Warehouse, asked: Funnel) -> pd.DataFrame:
    """Return one row per preset: how many units convert when its rules count."""
    asked_by = {name: as_counted_by(asked, name) for name in PRESETS}
    answer(warehouse, TABLES, funnel_rows(warehouse, list(asked_by.values())))
    rows = []
    for number, name in enumerate(asked_by, start=1):
        found = read_result(warehouse, number, most=0)
        last = found.steps.iloc[-1]
        entered, converted = int(last["entered"]), int(last["reached"])
        lower, upper = wilson(converted, entered) if entered else (np.nan, np.nan)
        rows.append(
            {
                "rules": name,
                "window_s": found.window_s,
                "entered": entered,
                "converted": converted,
                "open": int(found.steps["open"].sum()),
                "naive_rate": converted / entered if entered else np.nan,
                "naive_lo": float(lower),
                "naive_hi": float(upper),
                "rate": last["rate"],
                "lo": last["lo"],
                "hi": last["hi"],
            }
        )
    return pd.DataFrame(rows)


def _changes(ours: Funnel, theirs: Funnel) -> list[tuple[str, tuple[str, ...], Rules]]:
    """The causes that apply: their name, the rules that change, and the rules changed to."""
    own, other = ours.settled(), theirs.settled()
    return [
        (cause, names, other)
        for cause, names in CAUSES.items()
        if any(getattr(own, name) != getattr(other, name) for name in names)
    ]


def _summed(
    outcomes: pd.DataFrame, changes: Sequence[tuple[str, tuple[str, ...], Rules]], ours: Funnel
) -> pd.DataFrame:
    own = ours.settled()
    rows = []
    for cause, names, rules in changes:
        laid = outcomes[outcomes["cause"] == cause]
        won = laid[(laid["first_status"] != "converted") & (laid["last_status"] == "converted")]
        lost = laid[(laid["first_status"] == "converted") & (laid["last_status"] != "converted")]
        changed = [name for name in names if getattr(own, name) != getattr(rules, name)]
        more, fewer = int(won["customers"].sum()), int(lost["customers"].sum())
        rows.append(
            {
                "cause": cause,
                "rule": ", ".join(changed),
                "ours": ", ".join(_said(getattr(own, name)) for name in changed),
                "theirs": ", ".join(_said(getattr(rules, name)) for name in changed),
                "customers": int(laid["customers"].sum()),
                "more": more,
                "fewer": fewer,
                "net": more - fewer,
            }
        )
    names_ = ["cause", "rule", "ours", "theirs", "customers", "more", "fewer", "net"]
    return pd.DataFrame(rows, columns=names_)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "nothing"
    return "the map's" if value == "map" else str(value)
