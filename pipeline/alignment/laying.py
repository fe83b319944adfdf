"""The best way to lay paths on steps in order: an exact dynamic program, all paths at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .walks import Bools, Ints, Walks


@dataclass(frozen=True)
class Step:
    """A step of a plan: its stage, whether it may be left out, whether it may be returned to."""

    stage: int
    is_optional: bool = False
    is_repeatable: bool = True


@dataclass(frozen=True)
class Laid:
    """The best gains of each path after each step, and how they are made.

    best   per step and path: visits that fit on the steps so far + steps met, at the path's end
    met    per step and path: the same where the step is met; -1: the path does not visit its stage
    taken  per step and visit: place of the last visit that the step takes, -1: it takes none
    last   per step and visit: the same where the step is met
    after  per step and visit at its stage: place of the last visit before those it takes, -1: none
    """

    best: list[Ints]
    met: list[Ints]
    taken: list[Ints]
    last: list[Ints]
    after: list[Ints]


def lay(walks: Walks, steps: Sequence[Step], gain: int, allowed: Bools | None = None) -> Laid:
    """Return the best way to lay each path on the steps.

    A visit fits on a step of its stage; fitting visits follow the order of the steps. A step that
    may not be returned to takes one visit. A step that is met gains `gain` more, unless it is
    optional. Only visits that are `allowed` may fit. Of equally good ways the one that leaves a
    step earliest is taken. Time and memory grow with visits times steps.
    """
    best = np.zeros(len(walks.stages), np.int64)
    laid = Laid([], [], [], [], [])
    for step in steps:
        met = walks.stages == step.stage
        if allowed is not None:
            met &= allowed
        own = walks.counted(met)
        within = own if step.is_repeatable else np.zeros_like(own)
        # Where the step begins: after the visit at which all before it gain most.
        gained, place = walks.highest(best - within)
        gained, place = _one_later(walks, gained, place)
        reached = np.where(step.is_repeatable, own, 1) + gained + gain * (not step.is_optional)
        top, at = walks.highest(reached, met)
        takes = (at >= 0) & (top >= best)
        best = np.where(takes, top, best)
        laid.best.append(best[walks.ends - 1])
        laid.met.append(np.where(at < 0, -1, top)[walks.ends - 1])
        laid.taken.append(np.where(takes, at, -1))
        laid.last.append(at)
        laid.after.append(place)
    return laid


def _one_later(walks: Walks, gained: Ints, place: Ints) -> tuple[Ints, Ints]:
    """Return what was highest before each visit; to begin with nothing gains 0."""
    before, where = np.roll(gained, 1), np.roll(place, 1)
    before[walks.starts], where[walks.starts] = 0, -1
    # Nothing laid yet is never worse than a loss, and comes first.
    return np.maximum(before, 0), np.where(before > 0, where, -1)


def orderly(walks: Walks, stages: int) -> tuple[Ints, Ints]:
    """Return length of the longest non-decreasing subsequence, and discordant pairs, of each path.

    A pair of visits is discordant where the earlier one is at the higher stage.
    """
    longest = lay(walks, [Step(stage) for stage in range(1, stages + 1)], gain=0).best[-1]
    places = np.arange(len(walks.stages)) - walks.spread(walks.starts) + 1
    so_far, discordant = np.zeros_like(places), np.zeros_like(places)
    for stage in range(1, stages + 1):
        here = walks.stages == stage
        so_far += walks.counted(here)
        discordant += np.where(here, places - so_far, 0)
    return longest, walks.summed(discordant)


def straightness(walks: Walks, stages: int) -> tuple[Ints, Ints]:
    """Return cost and worst cost of laying each path on the stages from its first to its furthest.

    The cost is the visits that do not fit, and the stages that no visit fits on; each stage may be
    returned to.
    """
    first = walks.stages[walks.starts]
    steps = np.maximum.reduceat(walks.stages, walks.starts) - first + 1
    plan = [Step(stage) for stage in range(1, stages + 1)]
    best = lay(walks, plan, gain=1, allowed=walks.stages >= walks.spread(first)).best[-1]
    worst = walks.lengths + steps
    return worst - best, worst
