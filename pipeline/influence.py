"""Influence: who goes on to the goal after a touch, beside who does after another in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .definitions import stamp
from .errors import DataError, nearest
from .questions import (
    Rows,
    Scope,
    answer,
    chosen_map,
    length,
    named_touchpoints,
    scope_rows,
)
from .statistics import (
    ALPHA,
    BLOCKS,
    ENOUGH,
    Strata,
    benjamini_hochberg,
    e_value,
    risk_difference,
    risk_ratio,
)
from .values import DAY_US
from .warehouse import Warehouse

_CHANNELS = 12
_KEYS = 2**38
"""So many combinations of values of segments can be told apart."""
_NAMED = """
select
    named.touchpoint,
    stage.stage,
    figure.* exclude (touchpoint_no)
from influence_figures as figure
inner join touchpoint_names as named on named.touchpoint_no = figure.touchpoint_no
left join touchpoint_roles as role
    on role.map_no = $map_no and role.touchpoint_no = figure.touchpoint_no
left join cfg_map_stages as stage on stage.map_no = role.map_no and stage.stage_no = role.stage_no
order by figure.touchpoint_no
"""
_OPEN = """
select touchpoint_no
from touchpoint_roles
where map_no = $map_no and not is_goal and not is_abandon
"""
_TOTALS = "select journeys, seen, touches, converts from influence_totals"
_RANK = {"more": 0, "less": 0, "not clear": 1, "too few": 2}
_SHOWN = [
    *("touchpoint", "stage", "exposed", "compared", "controls"),
    *("chance", "chance_without", "difference", "difference_lo", "difference_hi"),
    *("ratio", "ratio_lo", "ratio_hi", "p", "q", "e_value", "verdict"),
    "naive_ratio",
]


@dataclass(frozen=True)
class Influence:
    """What touches have to do with the goal that follows them.

    `touchpoints` has one row per touchpoint, the verdicts first, then by difference. `exposed` are
    first touches there, `compared` those of them for which there are `controls`: touches elsewhere
    in the same situation, in journeys that have not been there. `chance` and `chance_without` are
    the shares of both after which the goal follows within L, weighted alike over situations;
    `difference` is the one less the other, `ratio` the one by the other, each with its 95 %
    interval clustered by customer; `p` of the difference, `q` adjusted over the table;
    `e_value`: so strong, as a risk ratio, a hidden reason for both would have to be. `verdict` is
    'more' or 'less' (q up to 0.05, and the interval of the ratio leaves 1 out), 'not clear', or
    'too few'. `naive_ratio` is what a table of journeys with and without it says: it has no regard
    to time.

    `journeys` of the scope, `seen`: those seen from their beginning; `touches`: those that
    were followed for L, `converts`: after which the goal came within it.
    """

    map_name: str
    within_days: float
    touchpoints: pd.DataFrame
    journeys: int
    seen: int
    touches: int
    converts: int
    stamp: dict[str, str]


def influence(
    warehouse: Warehouse,
    scope: Scope | None = None,
    *,
    within: str = "14 d",
    touches: Sequence[str] = (),
    alike: Sequence[str] = (),
) -> Influence:
    """Return for each touchpoint who reaches the goal after a touch, beside after another touch.

    Each touch of a journey that is under way is a trial: is it the first at the touchpoint, and
    does the goal follow within L, `within`? It is compared with touches elsewhere in the same
    situation: the same stage before, days since the start, touches so far, beginning of a session,
    first or later journey, first channel, and the same value of the segments `alike`. `touches` are
    touchpoints, stages or events that are asked for; none: every touchpoint. Raises DataError for a
    name or a length that does not exist, and for a scope of outcomes or paths: these come later.

    Source: sequential trials, Danaei et al. 2013; Suissa 2008 on immortal time.
    """
    scope = scope or Scope()
    if scope.outcomes or scope.matching:
        raise DataError(
            "outcomes and paths are not known at a touch: choose journeys by segments alone"
        )
    within_us = length(within, "within")
    if not within_us:
        raise DataError(f"within {within!r}: must be longer than nothing")
    map_no, map_name = chosen_map(warehouse, scope.map_name)
    known = {number for (number,) in warehouse.rows(_OPEN, {"map_no": map_no})}
    taken = sorted(known.intersection(named_touchpoints(warehouse, touches)) if touches else known)
    if not taken:
        raise DataError(
            "no touchpoint is left: those at the goal, or that end a journey, lead nowhere"
        )
    rows: Rows = {
        **scope_rows(warehouse, scope),
        "asked_influence": [(within_us, _CHANNELS, BLOCKS)],
        "asked_influence_segments": _weights(warehouse, alike),
        "asked_influence_touchpoints": [(number,) for number in taken],
    }
    answer(warehouse, ["influence_figures", "influence_totals"], rows)
    ((journeys, seen, trials, converts),) = warehouse.rows(_TOTALS)
    return Influence(
        map_name,
        within_us / DAY_US,
        _figures(warehouse.frame(_NAMED, {"map_no": map_no})),
        journeys,
        seen,
        trials,
        converts,
        stamp(warehouse, "others", map_no, rows),
    )


def _weights(warehouse: Warehouse, alike: Sequence[str]) -> list[tuple[int, int]]:
    """What a value of each segment counts in the number of a journey's values."""
    known = {
        name: (number, most)
        for name, number, most in warehouse.rows(
            "select segment, segment_no, max(value_no) from segment_values where segment_no > 0 "
            "group by all order by all"
        )
    }
    found, weight = [], 1
    for name in dict.fromkeys(alike):
        if name not in known:
            raise DataError(f"{name!r}: there is no such segment; {nearest(name, known)}")
        number, most = known[name]
        found.append((number, weight))
        weight *= most + 1
    if weight > _KEYS:
        raise DataError("these segments have too many values together; hold fewer of them alike")
    return found


def _figures(counted: pd.DataFrame) -> pd.DataFrame:
    """The figures of `influence_figures`, with intervals and verdicts."""
    sums = Strata(
        *(
            counted[name].to_numpy(float)
            for name in ("exposed_sum", "control_sum", "weight", "squares", "ratio_squares")
        )
    )
    found = counted.copy()
    is_enough = (counted["compared"] >= ENOUGH).to_numpy()
    difference = risk_difference(sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        found["chance"] = sums.exposed / sums.weight
        found["chance_without"] = sums.others / sums.weight
    found["difference"] = difference.value
    found["difference_lo"], found["difference_hi"] = difference.lower, difference.upper
    found["ratio"], found["ratio_lo"], found["ratio_hi"] = risk_ratio(sums)
    found["p"] = np.where(is_enough, difference.p, np.nan)
    found["q"] = benjamini_hochberg(found["p"])
    found["e_value"] = e_value(found["ratio"])
    is_clear = (found["q"] <= ALPHA) & ((found["ratio_lo"] > 1) | (found["ratio_hi"] < 1))
    found["verdict"] = np.select(
        [found["q"].isna(), ~is_clear, found["difference"] > 0],
        ["too few", "not clear", "more"],
        "less",
    )
    missing = found["journeys"] - found["reaching"]
    without = (found["converted"] - found["reaching_converted"]) / missing.where(missing > 0)
    met = found["reaching_converted"] / found["reaching"].where(found["reaching"] > 0)
    found["naive_ratio"] = met / without.where(without > 0)
    ordered = found.assign(rank=found["verdict"].map(_RANK)).sort_values(
        ["rank", "difference"], ascending=[True, False], kind="stable"
    )
    return ordered[_SHOWN].reset_index(drop=True)
