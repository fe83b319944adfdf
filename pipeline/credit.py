"""Attribution: which touches the conversions are credited to, under every rule side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .attribution import Removal, held_out_bits, removal_effects
from .definitions import stamp
from .errors import DataError, nearest
from .questions import Scope, answer, at_least, chosen_map, length, named_touchpoints, scope_rows
from .statistics import BLOCKS, ENOUGH, drawn_blocks, wilson
from .warehouse import Warehouse

CREDITED = ("channel", "campaign", "touchpoint")
"""What a touch is credited by."""
REPEATS = ("keep", "merge", "first")
RULES = (
    *("first", "last", "last_non_direct", "linear", "linear_unique"),
    *("position_based", "time_decay", "markov"),
)
"""The rules, each of which credits every conversion once."""
MOST_NAMES = 100
_DIRECT = ("direct", "none")
"""How channels, and media, of direct visits are called."""
NO_TOUCH, OTHER = "(no touch)", "(other)"
_MODELS = (
    *("attribution_credits", "attribution_reach", "attribution_moves", "attribution_totals"),
    "attribution_contexts",
)
_TOTALS = (
    *("conversions", "value", "touched_conversions", "touched_value"),
    *("dropped", "touched_dropped", "open_journeys"),
)

_KNOWN = {
    "channel": "select channel from channels where channel_no > 0",
    "campaign": "select distinct campaign from event_details where campaign is not null",
    "touchpoint": "select touchpoint from touchpoint_names",
}
_NAMED = f"""
select
    reach.shown_no,
    coalesce(known.name, '{OTHER}') as name,
    known.name is not null as is_name,
    reach.touches,
    reach.conversions
from attribution_reach as reach
left join attribution_names as known on known.node_no = reach.shown_no
order by reach.shown_no < 0, reach.conversions desc, reach.touches desc, reach.shown_no
"""
_WALKED = """
select is_held_out, third_no, second_no, first_no, to_no, cast(sum(moves) as bigint) as moves
from attribution_contexts
group by all
order by all
"""


@dataclass(frozen=True)
class Attribution:
    """What is credited, and how.

    `by` is channel, campaign or touchpoint; `touches` narrows what can be a touch to events at
    these touchpoints, stages or events, none means any; `takes_goal` lets the event that reaches
    the goal be one itself. A touch counts for the next conversion if it lies less than `lookback`
    before it; None: however long. `repeats` of a name on a path: keep all, merge those in a row,
    or only the first. `direct` names are passed over by last_non_direct; None: those called direct,
    or none, as the medium of direct visits is.
    `most` names are shown, the others are (other).
    """

    by: str = "channel"
    touches: Sequence[str] = ()
    takes_goal: bool = False
    lookback: str | None = "30 d"
    repeats: str = "keep"
    half_life: str = "7 d"
    direct: Sequence[str] | None = None
    most: int = 30


@dataclass(frozen=True)
class Credits:
    """What conversions are credited to.

    `totals` has, by name, conversions, value, touched_conversions, touched_value, dropped,
    touched_dropped and open_journeys. `names` has one row per name: touches, conversions (with such
    a touch), coverage (their share of the conversions with a touch, with Wilson's 95 % interval),
    removal_effect (the share of conversions that would be lost without it, if journeys went as
    a first-order Markov chain; 95 % interval by drawing customers, at 0 and 1 Wilson's over the
    conversions) and value_removal_effect
    (of their money; NaN where returns outweigh what was paid, so that it is no share).
    `bits` says whether they do: so many bits a move of held-out customers takes, told by none, one,
    two and three touches before it; `order` is the fewest touches within 1 % of the best, None
    where fewer than 30 conversions or failures are held out.
    `credits` has one row per name and rule, in this order, and (no touch) last: conversions,
    conversions_share, value, value_share; under every rule they add up to the totals. `is_name` is
    False for (other) and (no touch).
    """

    map_name: str
    totals: dict[str, float]
    names: pd.DataFrame
    credits: pd.DataFrame
    bits: tuple[float, ...]
    order: int | None
    direct: tuple[str, ...]
    seed: int
    draws: int
    stamp: dict[str, str]


def attribution(
    warehouse: Warehouse,
    asked: Attribution | None = None,
    scope: Scope | None = None,
    *,
    seed: int = 0,
    draws: int = 400,
) -> Credits:
    """Return what the conversions of a scope are credited to, by every rule.

    Raises DataError for a name, a length or a choice that does not exist.
    """
    asked, scope = asked or Attribution(), scope or Scope()
    for told, value, known in (("by", asked.by, CREDITED), ("repeats", asked.repeats, REPEATS)):
        if value not in known:
            raise DataError(f"{told} {value!r}: there is no such choice; {nearest(value, known)}")
    map_no, map_name = chosen_map(warehouse, scope.map_name)
    direct = _direct(warehouse, asked)
    rows = _rows(warehouse, asked, map_no, direct)
    rows |= scope_rows(warehouse, scope)
    at_least(0, draws, "draws")
    at_least(0, seed, "seed")
    answer(warehouse, _MODELS, rows)
    (summed,) = warehouse.rows(f"select {', '.join(_TOTALS)} from attribution_totals")
    totals = dict(zip(_TOTALS, summed, strict=True))
    named = warehouse.frame(_NAMED)
    removal, drawn = _removal(warehouse, named["shown_no"].tolist(), seed=seed, draws=draws)
    credited = warehouse.frame("from attribution_credits order by shown_no, rule")
    return Credits(
        map_name,
        totals,
        _names(named, removal, drawn, totals),
        _credits(named, credited, removal, totals),
        *_order(warehouse.frame(_WALKED)),
        direct,
        seed,
        draws,
        stamp(warehouse, "others", map_no, {**rows, "draws": draws, "seed": seed}),
    )


def _rows(
    warehouse: Warehouse, asked: Attribution, map_no: int, direct: Sequence[str]
) -> dict[str, Any]:
    if not 1 <= asked.most <= MOST_NAMES:
        raise DataError(f"most = {asked.most}: from 1 to {MOST_NAMES} names can be shown")
    half_life = length(asked.half_life, "half-life")
    if not half_life:
        raise DataError(f"half-life {asked.half_life!r}: must be longer than nothing")
    one = (
        *(map_no, asked.by, not asked.touches, asked.takes_goal),
        *(length(asked.lookback, "lookback"), asked.repeats, half_life, asked.most, BLOCKS),
    )
    taken = [(number,) for number in named_touchpoints(warehouse, asked.touches)]
    return {
        "asked_attribution": [one],
        "asked_attribution_touchpoints": taken,
        "asked_attribution_direct": [(name,) for name in direct],
    }


def _direct(warehouse: Warehouse, asked: Attribution) -> tuple[str, ...]:
    """The names that count as direct, sorted."""
    known = sorted(name for (name,) in warehouse.rows(_KNOWN[asked.by]))
    if asked.direct is None:
        return tuple(name for name in known if name.strip("() ").casefold() in _DIRECT)
    for name in asked.direct:
        if name not in known:
            raise DataError(f"{name!r}: there is no such {asked.by}; {nearest(name, known)}")
    return tuple(sorted(set(asked.direct)))


def _removal(
    warehouse: Warehouse, shown: Iterable[int], *, seed: int, draws: int
) -> tuple[Removal, Removal]:
    """The removal effects of the names shown, and those of the drawn samples of customers."""
    places = {number: place for place, number in enumerate(shown)}
    names = len(places)
    moves = warehouse.frame("from attribution_moves order by all")
    blocks, block = np.unique(moves["block_no"].to_numpy(), return_inverse=True)
    left = moves["from_no"].map({-1: 0, **{no: one + 1 for no, one in places.items()}}).to_numpy()
    entered = moves["to_no"].map({0: names, -2: names + 1, **places}).to_numpy()
    counts = np.zeros((len(blocks), names + 1, names + 2))
    money = np.zeros((len(blocks), names + 1))
    np.add.at(counts, (block, left, entered), moves["moves"].to_numpy(dtype=float))
    np.add.at(money, (block, left), moves["value"].to_numpy(dtype=float))
    weights = drawn_blocks([len(blocks)], draws=draws, seed=seed)
    return (
        removal_effects(counts.sum(axis=0), money.sum(axis=0)),
        removal_effects(np.tensordot(weights, counts, 1), np.tensordot(weights, money, 1)),
    )


def _order(walked: pd.DataFrame) -> tuple[tuple[float, ...], int | None]:
    """How well held-out moves are told by the touches before, and how many of these it takes."""
    steps = walked[["third_no", "second_no", "first_no", "to_no"]].to_numpy()
    held = walked["is_held_out"].to_numpy(bool)
    bits = held_out_bits(steps, walked["moves"], held, symbols=walked["to_no"].nunique() or 1)
    ends = walked.loc[held & walked["to_no"].isin((0, -2)), "moves"].sum()
    told = tuple(float(one) for one in bits)
    if ends < ENOUGH:
        return told, None
    return told, next(place for place, one in enumerate(told) if one <= 1.01 * min(told))


def _names(
    named: pd.DataFrame, removal: Removal, drawn: Removal, totals: dict[str, float]
) -> pd.DataFrame:
    found = named.drop(columns="shown_no")
    touched = totals["touched_conversions"]
    found["coverage"] = found["conversions"] / touched if touched else np.nan
    found["coverage_lo"], found["coverage_hi"] = wilson(found["conversions"], touched)
    found["removal_effect"] = removal.of_conversions
    effect = found["removal_effect"]
    for place, (name, at) in enumerate((("removal_lo", 0.025), ("removal_hi", 0.975))):
        found[name] = pd.DataFrame(drawn.of_conversions).quantile(at).to_numpy()
        # Of customers who are all alike those drawn again are, too: Wilson's, as of the coverage.
        for end, hits in ((0, 0), (1, touched)):
            found.loc[effect == end, name] = float(wilson(hits, touched)[place])
    found["value_removal_effect"] = removal.of_value
    return found


def _credits(
    named: pd.DataFrame, credited: pd.DataFrame, removal: Removal, totals: dict[str, float]
) -> pd.DataFrame:
    """The credits by the rules of `credited`, by Markov, and what no touch led to.

    Money of which no shares are needed, see Removal, goes where the conversions go.
    """
    needed = removal.of_conversions if np.isnan(removal.of_value).any() else removal.of_value
    markov = pd.DataFrame(
        {
            "shown_no": named["shown_no"],
            "rule": "markov",
            "conversions": _divided(totals["touched_conversions"], removal.of_conversions),
            "value": _divided(totals["touched_value"], needed),
        }
    )
    none = pd.DataFrame(
        {
            "rule": RULES,
            "name": NO_TOUCH,
            "is_name": False,
            "conversions": totals["conversions"] - totals["touched_conversions"],
            "value": totals["value"] - totals["touched_value"],
        }
    )
    every = named[["shown_no", "name", "is_name"]].merge(pd.DataFrame({"rule": RULES}), how="cross")
    own = every.merge(pd.concat([credited, markov]), on=["shown_no", "rule"], how="left")
    own[["conversions", "value"]] = own[["conversions", "value"]].fillna(0.0)
    found = pd.concat([own.drop(columns="shown_no"), none], ignore_index=True)
    for column in ("conversions", "value"):
        found[f"{column}_share"] = found[column] / (totals[column] or np.nan)
    return found[
        ["name", "is_name", "rule"] + ["conversions", "conversions_share", "value", "value_share"]
    ]


def _divided(total: float, effects: Any) -> Any:
    """The total, divided in proportion to the effects; nothing where there is nothing to divide."""
    if not total or not len(effects):
        return np.zeros(len(effects))
    return total * effects / effects.sum()
