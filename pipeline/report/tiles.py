"""The numbers of the first screen: of each what it is, how sure, and on how many it rests."""

from __future__ import annotations

from dataclasses import dataclass

from ..figures import ENOUGH, cut, isolated
from .findings import Row, counted
from .terms import OVER
from .wording import ABSENT, count, days, decimal, interval, is_known, percent, sample


@dataclass(frozen=True)
class Tile:
    """One number of the first screen."""

    label: str
    value: str
    detail: str
    is_weak: bool = False


def tiles(answer: Row, goal: str) -> list[Tile]:
    """Return the tiles of a map."""
    journeys, moving = counted(answer, "staged_journeys"), counted(answer, "moving_journeys")
    goal = isolated(cut(goal, 22))
    if not journeys:
        labels = (f"Reach {goal}", f"Time to {goal}", "Never turn back", "Squiggle index")
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
            "Never turn back",
            percent(answer["straight_share"]),
            f"{interval(answer['straight_lo'], answer['straight_hi'])}; {sample(moving)} {OVER}"
            if moving
            else f"none of the journeys {OVER} has moved between stages",
            is_weak=moving < ENOUGH,
        ),
        Tile(
            "Squiggle index",
            decimal(answer["squiggle_index"], 2),
            "0 is straight, towards 1 a tangle",
            is_weak=moving < ENOUGH,
        ),
    ]
