"""The answer in words: headline sentences and tiles, each with its interval and its n."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..figures import ENOUGH, cut
from .wording import ABSENT, amount, count, days, decimal, interval, is_known, percent, sample

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """A headline sentence, what it rests on, and whether that is too little to say more."""

    text: str
    evidence: str
    is_weak: bool = False


@dataclass(frozen=True)
class Tile:
    """One number of the first screen."""

    label: str
    value: str
    detail: str
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
    if not _count(answer, "staged_journeys"):
        return [Finding("No journey has a stage yet.", "n = 0", is_weak=True)]
    return [
        _conversion(answer, cut(goal, 40)),
        leak(dropoff),
        *_pain(pains),
        _straightness(answer),
        *([_detour(answer)] if _count(answer, "moving_journeys") >= ENOUGH else []),
    ]


def tiles(answer: Row, goal: str) -> list[Tile]:
    """Return the tiles of a map."""
    journeys, moving = _count(answer, "staged_journeys"), _count(answer, "moving_journeys")
    goal = cut(goal, 22)
    if not journeys:
        labels = (f"Reach {goal}", f"Time to {goal}", "Take the straight path", "Squiggle index")
        return [
            Tile("Journeys", count(0), "none with a stage"),
            *(Tile(label, ABSENT, "no journey yet", is_weak=True) for label in labels),
        ]
    few = f"; only {sample(journeys)}" if journeys < ENOUGH else ""
    return [
        Tile("Journeys", count(journeys), f"with a stage, of {count(answer['journeys'])} in all"),
        Tile(
            f"Reach {goal}",
            percent(answer["conversion_rate"]),
            f"within {days(answer['within_days'])}; "
            f"{interval(answer['conversion_lo'], answer['conversion_hi'])}{few}"
            if is_known(answer["conversion_rate"])
            else "not followed long enough to say"
            if is_known(answer["converted"])
            else "too few customers to tell",
            is_weak=journeys < ENOUGH,
        ),
        Tile(
            f"Time to {goal}",
            days(answer["median_days_to_goal"]),
            "median over all journeys, open ones included"
            if is_known(answer["median_days_to_goal"])
            else "fewer than half get there while followed"
            if is_known(answer["converted"]) and is_known(answer["conversion_rate"])
            else "not followed long enough to say"
            if is_known(answer["converted"])
            else "too few customers to tell",
            is_weak=journeys < ENOUGH,
        ),
        Tile(
            "Take the straight path",
            percent(answer["straight_share"]),
            f"{interval(answer['straight_lo'], answer['straight_hi'])}; {sample(moving)}"
            if moving
            else "no journey that is over has moved between stages",
            is_weak=moving < ENOUGH,
        ),
        Tile(
            "Squiggle index",
            decimal(answer["squiggle_index"], 2),
            "0 is straight, towards 1 a tangle",
            is_weak=moving < ENOUGH,
        ),
    ]


def leak(dropoff: pd.DataFrame) -> Finding:
    """Return which stage most journeys stop at, and how surely it is the one."""
    rows = [
        row
        for row in dropoff.to_dict("records")
        if is_known(row["drop_rate"]) and row["frontier"] >= ENOUGH
    ]
    rows.sort(key=lambda row: (-row["drop_rate"], row["stage_no"]))
    if not rows:
        return Finding(
            f"No stage has the {ENOUGH} followed journeys that it takes to name the weakest one.",
            "see “Where they stop” for what there is",
            is_weak=True,
        )
    worst = rows[0]
    if worst["drop_rate"] == 0:
        return Finding(
            "At no stage was a journey lost: all that get there go further within "
            f"{days(worst['within_days'])}.",
            f"{interval(worst['drop_lo'], worst['drop_hi'])}, {sample(worst['frontier'])}",
        )
    close = [
        cut(row["stage"])
        for row in rows[1:]
        if is_known(row["drop_hi"])
        and is_known(worst["drop_lo"])
        and row["drop_hi"] >= worst["drop_lo"]
    ]
    doubt = f", though not clearly more than {_listed(close)}" if close else ""
    return Finding(
        f"{cut(worst['stage'], 40)} loses the most{doubt}: {percent(worst['drop_rate'])} of "
        f"journeys that get there go no further within {days(worst['within_days'])}.",
        f"{interval(worst['drop_lo'], worst['drop_hi'])}, {sample(worst['frontier'])}",
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _pain(pains: pd.DataFrame | None) -> list[Finding]:
    """Return what the dearest touchpoint of all journeys costs; nothing where there is none."""
    if pains is None:
        return []
    told = pains[(pains["by_segment"] == "all") & (pains["kind"] == "touchpoint")]
    if told.empty:
        return []
    worst = told.to_dict("records")[0]
    gained = f"at least {amount(worst['recoverable_lo'])} {worst['unit']} if it were no more"
    return [
        Finding(
            f"Of the touchpoints, {cut(worst['place'], 40)} costs the most: "
            f"{percent(worst['rate'])} of visits to it are the last, against "
            f"{percent(worst['reference_rate'])} at the other touchpoints of its stage.",
            f"{interval(worst['excess_lo'], worst['excess_hi'])} of the difference, "
            f"{sample(worst['n'])} and {count(worst['reference_n'])}; {gained}",
        )
    ]


def cautions(answer: Row) -> list[str]:
    """Return what a reader must know before trusting the map's numbers."""
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
    return found


def straight_title(answer: Row) -> str:
    """Return the headline over the squiggle picture, or a question where data are too few."""
    if _count(answer, "moving_journeys") < ENOUGH or not is_known(answer["straight_share"]):
        return "How straight is the path?"
    return f"{_in_hundred(answer['straight_share'])} moving journeys go straight"


def leak_title(dropoff: pd.DataFrame) -> str:
    """Return the headline over the drop-off figures."""
    found = leak(dropoff)
    return "Where do journeys stop?" if found.is_weak else found.text.rstrip(".")


def paths_title(variants: pd.DataFrame) -> str:
    """Return the headline over the most common paths."""
    listed = variants[variants["path"] != "(other)"]
    if listed.empty or variants["journeys"].sum() < ENOUGH:
        return "Which paths are the most common?"
    if len(variants) == 1:
        return "There is one path, and every journey takes it"
    most = (
        f"{len(listed)} most common paths cover" if len(listed) > 1 else "most common path covers"
    )
    return f"The {most} {percent(listed['coverage'].max())} of journeys"


def _conversion(answer: Row, goal: str) -> Finding:
    journeys, won = _count(answer, "staged_journeys"), _count(answer, "converted")
    if not (is_known(answer["converted"]) and is_known(answer["open"])):
        return Finding(
            f"There are too few customers to tell how many reach {goal}.",
            f"{sample(journeys)}; small groups are folded",
            is_weak=True,
        )
    so_far = f"{count(won)} of {count(journeys)} have so far, {count(answer['open'])} are open"
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
        f"{count(answer['open'])} open journeys are undecided, not lost",
    )


def _straightness(answer: Row) -> Finding:
    moving = _count(answer, "moving_journeys")
    if moving < ENOUGH or not is_known(answer["straight_share"]):
        return Finding(
            "Too few journeys move between stages to say how straight they are.",
            f"{sample(moving)}; it takes {ENOUGH}",
            is_weak=True,
        )
    return Finding(
        f"{_in_hundred(answer['straight_share'])} journeys that move take the straight path; "
        "the others turn back at least once.",
        f"{interval(answer['straight_lo'], answer['straight_hi'])}, {sample(moving)}",
    )


def _detour(answer: Row) -> Finding:
    if not is_known(answer["squiggle_index"]):
        return Finding("No movement between stages can be measured.", "n = 0", is_weak=True)
    return Finding(
        f"{percent(answer['squiggle_index'])} of all movement between stages is detour: "
        "steps back, and the same steps walked again.",
        f"squiggle index {decimal(answer['squiggle_index'], 3)}, "
        f"{interval(answer['squiggle_lo'], answer['squiggle_hi'])}, "
        f"{sample(answer['moving_journeys'])}",
    )


def _in_hundred(share: Any) -> str:
    return f"{round(100 * float(share))} in 100"


def _count(answer: Row, column: str) -> int:
    value = answer[column]
    return int(value) if is_known(value) else 0
