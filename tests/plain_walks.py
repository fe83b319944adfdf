"""The shape of one path of stages, worked out the plain way: what the tables are held against."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations, groupby, pairwise
from typing import NamedTuple

Path = tuple[int, ...]


class Step(NamedTuple):
    """A step of an intended path."""

    stage: int
    is_optional: bool = False
    is_repeatable: bool = True


def merged(walk: Sequence[int]) -> Path:
    """Return the walk with repeats merged."""
    return tuple(stage for stage, _ in groupby(walk))


def variation(walk: Sequence[int]) -> int:
    return sum(abs(after - before) for before, after in pairwise(walk))


def progress(walk: Sequence[int]) -> int:
    return max(walk) - walk[0]


def squiggle(walk: Sequence[int]) -> float | None:
    return 1 - progress(walk) / variation(walk) if variation(walk) else None


def back_share(walk: Sequence[int]) -> float | None:
    moves = list(pairwise(merged(walk)))
    return sum(after < before for before, after in moves) / len(moves) if moves else None


def skip_share(walk: Sequence[int]) -> float | None:
    forward = [after - before for before, after in pairwise(walk) if after > before]
    return sum(jump > 1 for jump in forward) / len(forward) if forward else None


def discordance(walk: Sequence[int]) -> float | None:
    pairs = [pair for pair in combinations(merged(walk), 2) if pair[0] != pair[1]]
    return 2 * sum(a > b for a, b in pairs) / len(pairs) if pairs else None


def longest_in_order(walk: Sequence[int]) -> int:
    """Return the length of the longest subsequence that never goes back, repeats merged first."""
    lengths: list[int] = []
    path = merged(walk)
    for place, stage in enumerate(path):
        earlier = [n for n, before in zip(lengths, path[:place], strict=True) if before <= stage]
        lengths.append(1 + max(earlier, default=0))
    return max(lengths)


def straight_cost(walk: Sequence[int]) -> tuple[float, int]:
    """Return cost and worst cost against the stages from the first to the furthest."""
    path = merged(walk)
    steps = tuple(Step(stage) for stage in range(path[0], max(path) + 1))
    return cost(path, steps), len(path) + len(steps)


def cost(path: Path, steps: tuple[Step, ...], *, meets_last: bool = False) -> float:
    """Return the fewest visits and steps that do not match, by trying every way."""

    @cache
    def least(done: int, taken: int, may_return: bool) -> float:
        if meets_last and taken < len(steps) and done == len(path):
            return math.inf
        if done == len(path):
            return sum(not step.is_optional for step in steps[taken:])
        ways = [1 + least(done + 1, taken, may_return)]
        if may_return and steps[taken - 1] == (path[done], steps[taken - 1].is_optional, True):
            ways.append(least(done + 1, taken, True))
        if taken < len(steps):
            if not (meets_last and taken + 1 == len(steps)):
                ways.append((not steps[taken].is_optional) + least(done, taken + 1, False))
            if steps[taken].stage == path[done]:
                ways.append(least(done + 1, taken + 1, True))
        return min(ways)

    return least(0, 0, False)


def reached(walk: Sequence[int], steps: tuple[Step, ...]) -> int:
    """Return the step up to which the walk is measured: all its stages have come up by then."""
    path = merged(walk)
    numbers = [step.stage for step in steps]
    least = max((numbers.index(stage) + 1 for stage in set(path) & set(numbers)), default=0)
    if not least:
        return 0
    costs = {
        step: cost(path, steps[:step], meets_last=True) for step in range(least, len(steps) + 1)
    }
    return min(costs, key=lambda step: (costs[step], step))


def path_cost(walk: Sequence[int], steps: tuple[Step, ...]) -> tuple[float, int]:
    """Return cost and worst cost against the intended steps, up to the one that was reached."""
    due = steps[: reached(walk, steps)]
    worst = len(merged(walk)) + sum(not step.is_optional for step in due)
    return cost(merged(walk), due, meets_last=True), worst


Measure = Callable[[Sequence[int]], float | None]
MEASURES: dict[str, Measure] = {
    "total_variation": variation,
    "progress": progress,
    "squiggle_index": squiggle,
    "back_share": back_share,
    "skip_share": skip_share,
    "discordance": discordance,
    "visits": lambda walk: len(merged(walk)),
    "revisits": lambda walk: len(merged(walk)) - len(set(walk)),
    "repeats": lambda walk: len(walk) - len(merged(walk)),
    "revisit_share": lambda walk: 1 - len(set(walk)) / len(merged(walk)),
    "lnds_deviation": lambda walk: 1 - longest_in_order(walk) / len(merged(walk)),
    "straight_misfit": lambda walk: straight_cost(walk)[0] / straight_cost(walk)[1],
}
"""Columns of journey_shapes, each worked out from the stages of one journey."""
