"""The answer in words: sentences, each with its interval and its n."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..figures import ENOUGH, cut, isolated
from .terms import OVER
from .wording import (
    amount,
    count,
    days,
    decimal,
    interval,
    is_known,
    of_difference,
    of_index,
    percent,
    sample,
)

Row = Mapping[str, Any]

LEAST = 0.05
"""What could be won is no finding where it is less than this of a goal, or of a coin, a month."""


@dataclass(frozen=True)
class Finding:
    """A headline sentence, what it rests on, and whether that is too little to say more."""

    text: str
    evidence: str
    is_weak: bool = False


def row_of(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the first row of the query "answer"; where there is none, a row of nulls."""
    blank: dict[str, Any] = dict.fromkeys(rows.columns)
    return rows.head(1).to_dict("records")[0] if len(rows) else blank


def findings(
    answer: Row, goal: str, dropoff: pd.DataFrame, pains: pd.DataFrame | None = None
) -> list[Finding]:
    """Return the sentences of a map, the most important first.

    `answer` is the map's row of the query "answer", `dropoff` its rows of the query "dropoff",
    `pains` those of "pains", where the sentences are of all its journeys.
    A figure on fewer than 30 journeys gives no finding; the sentence then says so.
    """
    if not counted(answer, "staged_journeys"):
        return [Finding("No journey has a stage yet.", "n = 0", is_weak=True)]
    return [
        _conversion(answer, isolated(cut(goal, 40))),
        leak(dropoff),
        *_pain(pains),
        _straightness(answer),
        *([_detour(answer)] if counted(answer, "moving_journeys") >= ENOUGH else []),
    ]


def leak(dropoff: pd.DataFrame) -> Finding:
    """Return which stage most journeys stop at, how surely it is the one, and of which stages.

    A stage before the goal that has no rate on 30 journeys is not among them; where nobody stood,
    for all went straight past, nobody can have stopped.
    """
    stages = sorted(dropoff.to_dict("records"), key=lambda row: row["stage_no"])
    goal_no = min((row["stage_no"] for row in stages if row["is_goal"]), default=float("inf"))
    rows = [row for row in stages if is_known(row["drop_rate"]) and row["frontier"] >= ENOUGH]
    rated = {row["stage_no"] for row in rows}
    unknown = any(
        row["reached"] > 0
        and row["frontier"] != 0
        and row["stage_no"] < goal_no
        and row["stage_no"] not in rated
        for row in stages
    )
    if not rows:
        return Finding(
            f"No stage has the {ENOUGH} followed journeys that it takes to name the weakest one.",
            "see “Where do they stop?” for what there is",
            is_weak=True,
        )
    worst = min(rows, key=lambda row: (-row["drop_rate"], row["stage_no"]))
    evidence = f"{interval(worst['drop_lo'], worst['drop_hi'])}, {sample(worst['frontier'])}"
    if unknown:
        evidence += "; the other stages were not followed long enough, or by too few"
    if worst["drop_rate"] == 0:
        where = _listed([_name(row) for row in rows], "and") if unknown else ""
        return Finding(
            f"{f'At {where} no journey' if unknown else 'At no stage was a journey'}"
            f"{' was' if unknown else ''} lost: all that get there go further within "
            f"{days(worst['within_days'])}.",
            evidence,
        )
    close = [
        _name(row)
        for row in rows
        if row is not worst
        and is_known(row["drop_hi"])
        and is_known(worst["drop_lo"])
        and row["drop_hi"] >= worst["drop_lo"]
    ]
    doubt = f", though not clearly more than {_listed(close, 'or')}" if close else ""
    told = f"{percent(worst['drop_rate'])} of journeys that get there go no further within "
    told += days(worst["within_days"])
    name = isolated(cut(worst["stage"], 40))
    if len(rows) == 1:
        lead = f"Only {name} can be rated: " if unknown else f"At {name}, "
        return Finding(f"{lead}{told}.", evidence)
    among = "Of the stages that can be rated, " if unknown else ""
    return Finding(f"{among}{name} holds up the most{doubt}: {told}.", evidence)


def _name(row: Row) -> str:
    return isolated(cut(row["stage"]))


def _listed(names: list[str], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def _pain(pains: pd.DataFrame | None) -> list[Finding]:
    """Return what the dearest touchpoint of all journeys costs; nothing where there is none."""
    if pains is None:
        return []
    told = pains[(pains["by_segment"] == "all") & (pains["kind"] == "touchpoint")]
    if told.empty:
        return []
    worst = told.to_dict("records")[0]
    if not is_known(worst["recoverable_lo"]) or worst["recoverable_lo"] < LEAST:
        return []
    gained = f"at least {amount(worst['recoverable_lo'])} {worst['unit']} if it were no more"
    return [
        Finding(
            "Of the touchpoints that share a stage with others, "
            f"{isolated(cut(worst['place'], 40))} costs the most: "
            f"{percent(worst['rate'])} of visits to it are the last, against "
            f"{percent(worst['reference_rate'])} at the other touchpoints of its stage.",
            f"{of_difference(worst['excess_lo'], worst['excess_hi'])}, "
            f"{sample(worst['n'])} and {count(worst['reference_n'])}; {gained}",
        )
    ]


def cautions(answer: Row, silences: pd.DataFrame) -> list[str]:
    """Return what a reader must know before trusting the map's numbers.

    `silences` has one row per stage where the data do not tell silence from loss.
    """
    found = []
    gates = (
        ("unmapped_share", 0.10, "of events match no touchpoint rule and have no stage"),
        ("left_truncated_share", 0.20, "of journeys may have begun before the data do"),
        (
            "tie_share",
            0.05,
            "of events share customer and time with another; their order is a rule",
        ),
    )
    for column, limit, words in gates:
        if is_known(answer[column]) and answer[column] > limit:
            found.append(f"{percent(answer[column])} {words}.")
    if len(silences):
        where = _listed([_name(row) for row in silences.to_dict("records")], "and")
        found.append(
            f"Drop-off is not identifiable at {where}: the data do not tell silence from loss "
            "there. What can be said is how many progress within "
            f"{days(silences['within_days'].max())}."
        )
    return found


def _conversion(answer: Row, goal: str) -> Finding:
    journeys, won = counted(answer, "staged_journeys"), counted(answer, "converted")
    if not (is_known(answer["converted"]) and is_known(answer["open"])):
        return Finding(
            f"There are too few customers to tell how many reach {goal}.",
            f"{sample(journeys)}; small groups are folded",
            is_weak=True,
        )
    still = counted(answer, "open")
    so_far = f"so far {count(won)} of {count(journeys)}; "
    so_far += f"{count(still) if still else 'none'} {'is' if still == 1 else 'are'} open"
    if journeys < ENOUGH:
        return Finding(
            f"There are too few journeys to say how many reach {goal}: {so_far}.",
            f"{sample(journeys)}; a rate needs {ENOUGH}",
            is_weak=True,
        )
    if not is_known(answer["conversion_rate"]):
        return Finding(
            f"Journeys were not followed long enough to say how many reach {goal} within "
            f"{days(answer['within_days'])}: {so_far}.",
            f"{sample(journeys)}",
            is_weak=True,
        )
    return Finding(
        f"{percent(answer['conversion_rate'])} of journeys reach {goal} within "
        f"{days(answer['within_days'])}.",
        f"{interval(answer['conversion_lo'], answer['conversion_hi'])}, {sample(journeys)}; "
        + (
            "no journey is open"
            if not still
            else f"{count(still)} open journey{' is' if still == 1 else 's are'} "
            "undecided, not lost"
        ),
    )


def _straightness(answer: Row) -> Finding:
    moving = counted(answer, "moving_journeys")
    if moving < ENOUGH or not is_known(answer["straight_share"]):
        return Finding(
            f"Too few journeys {OVER} move between stages to say how straight they are.",
            f"{sample(moving)}; it takes {ENOUGH}",
            is_weak=True,
        )
    share = float(answer["straight_share"])
    if share == 1:
        told = "None of the journeys that move between stages turns back."
    elif share == 0:
        told = "All journeys that move between stages turn back at least once."
    else:
        told = f"{in_hundred(share)} journeys that move between stages never turn back; the others "
        told += "do at least once."
    return Finding(
        told,
        f"{interval(answer['straight_lo'], answer['straight_hi'])}, {sample(moving)} {OVER}",
    )


def _detour(answer: Row) -> Finding:
    if not is_known(answer["squiggle_index"]):
        return Finding("No movement between stages can be measured.", "n = 0", is_weak=True)
    return Finding(
        f"{percent(answer['squiggle_index'])} of all movement between stages is detour: "
        "steps back, and the same steps walked again.",
        f"squiggle index {decimal(answer['squiggle_index'], 3)}, "
        f"{of_index(answer['squiggle_lo'], answer['squiggle_hi'])}, "
        f"{sample(answer['moving_journeys'])} {OVER}",
    )


def in_hundred(share: float) -> str:
    """Return how many of all: in a hundred, and as a percentage where that would be none or all.

    >>> in_hundred(0.424), in_hundred(0.9975)
    ('42 in 100', '99.8% of')
    """
    hundredth = round(100 * share)
    return f"{hundredth} in 100" if 0 < hundredth < 100 else f"{percent(share)} of"


def counted(answer: Row, column: str) -> int:
    """Return a count of the answer, 0 where it is not known."""
    value = answer[column]
    return int(value) if is_known(value) else 0
