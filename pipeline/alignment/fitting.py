"""How the visits of paths fit on an intended path: what fits, what was left out, what was added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .laying import Laid, Step, lay
from .walks import Bools, Ints, Walks


@dataclass(frozen=True)
class Fit:
    """Paths laid on an intended path.

    reached   per path: the last step that it is measured against, from 1; 0: none
    step      per visit: the step that it fits on, from 1; 0: it fits on none
    before    per visit: the step of the last fitting visit before it, 0: none
    is_taken  per path and step: whether a visit fits on the step
    """

    reached: Ints
    step: Ints
    before: Ints
    is_taken: Bools


def fit(walks: Walks, steps: Sequence[Step]) -> Fit:
    """Return the best way to lay each path on the intended steps.

    The cost of a path is the visits that fit on no step, and the steps, other than optional ones,
    that no visit fits on: up to the step that the path has reached, which it meets. That is the
    first step by which all of its stages have come up, or a later one where that costs less; steps
    beyond it are not owed yet.
    """
    laid = lay(walks, steps, gain=1)
    reached = _reached(walks, steps, laid.met)
    step, is_taken = _traced(walks, steps, reached, laid)
    here = np.arange(len(walks.stages))
    last = np.maximum.accumulate(np.where(step > 0, here, -1))
    before = np.where(last >= walks.spread(walks.starts), step[last], 0)
    return Fit(reached, step, before, is_taken)


def _reached(walks: Walks, steps: Sequence[Step], met: Sequence[Ints]) -> Ints:
    least = np.zeros(len(walks.starts), np.int64)
    seen: set[int] = set()
    for number, step in enumerate(steps, start=1):
        if step.stage not in seen:
            seen.add(step.stage)
            least[walks.summed(walks.stages == step.stage) > 0] = number
    reached, cost = least.copy(), np.full(len(least), np.iinfo(np.int64).max)
    owed = 0
    for number, (step, gained) in enumerate(zip(steps, met, strict=True), start=1):
        owed += not step.is_optional
        better = (least > 0) & (number >= least) & (gained >= 0) & (owed - gained < cost)
        reached[better], cost[better] = number, (owed - gained)[better]
    return reached


def _traced(walks: Walks, steps: Sequence[Step], reached: Ints, laid: Laid) -> tuple[Ints, Bools]:
    """Return the step of each visit, and which steps each path has met, from the last step back."""
    on = np.zeros(len(walks.stages), np.int64)
    is_taken = np.zeros((len(walks.starts), len(steps)), bool)
    at = walks.ends - 1  # place up to which visits are still to be given to steps; -1: none is left
    for number in range(len(steps), 0, -1):
        step, after = steps[number - 1], laid.after[number - 1]
        last = np.where((number < reached) & (at >= 0), laid.taken[number - 1][at], -1)
        last = np.where(number == reached, laid.last[number - 1][at], last)
        met = last >= 0
        is_taken[:, number - 1] = met
        begin = after[last[met]]
        if step.is_repeatable:
            begin = np.where(begin < 0, walks.starts[met] - 1, begin)
            inside = np.zeros(len(on) + 1, np.int64)
            inside[begin + 1] += 1
            inside[last[met] + 1] -= 1
            on[(np.cumsum(inside[:-1]) > 0) & (walks.stages == step.stage)] = number
        else:
            on[last[met]] = number
        at[met] = after[last[met]]
    return on, is_taken


def kinds(walks: Walks, steps: Sequence[Step], found: Fit) -> dict[str, Bools]:
    """Return per kind which visits fit (fitting), or why they do not.

    inserted  the stage is on no step, or on none that the path has come to
    repeated  the stage of the last step again, which may not be returned to
    backward  the stage of an earlier step
    """
    stages = max(int(walks.stages.max(initial=0)), *(step.stage for step in steps))
    own = np.zeros((stages + 1, len(steps) + 1), np.int64)
    for number, step in enumerate(steps, start=1):
        own[step.stage, number:] = number
    own_step = own[walks.stages, found.before]
    fits = found.step > 0
    return {
        "fitting": fits,
        "inserted": ~fits & (own_step == 0),
        "repeated": ~fits & (own_step > 0) & (own_step == found.before),
        "backward": ~fits & (own_step > 0) & (own_step < found.before),
    }
