"""Which step may follow which: moves, steps that one moment can hold, and what they need of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ..errors import DataError
from ..questions import length
from .definition import Step
from .presets import Rules

MOST_STEPS = 39  # 3 to the power of it is the largest that 64 bits hold
MOST_AT_ONCE = 8
"""So many steps with a common event, at the most, are taken at one moment; also in any order."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Moves:
    """Rows of `asked_funnel_moves`, `…_taken` and `…_sets`, without the number of the funnel."""

    moves: list[Row]
    taken: list[Row]
    sets: list[Row]


def ordered_moves(
    steps: Sequence[Step], rules: Rules, each_within: int | None, *, contested: bool
) -> Moves:
    """Return the moves of a funnel whose steps have an order.

    `each_within` is the longest time of every step, unless the step says another; `contested`
    whether one event could be several steps.
    """
    found = Moves([], [], [])
    limits = [_limits(number, step, each_within) for number, step in enumerate(steps, start=1)]
    at_once = contested and rules.ties == "any" and not rules.shared
    for to_step in range(1, len(steps) + 1):
        for from_step in range(to_step - 1, -1, -1):
            between = range(from_step + 1, to_step)
            needed = [one for one in between if not steps[one - 1].optional]
            optional = [one for one in between if steps[one - 1].optional]
            if not needed or (from_step == 0 and rules.entry == "any step"):
                _add(found, from_step, to_step, [to_step], limits, rules)
            for some in _some(optional, MOST_AT_ONCE - 1 - len(needed)) if at_once else ():
                taken = [*sorted([*needed, *some]), to_step]
                if len(taken) > 1 and all(limits[one - 1][0] == 0 for one in taken[1:]):
                    _add(found, from_step, to_step, taken, limits, rules)
    return found


def subsets(steps: Sequence[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Return every set of the steps with its number, from 1.

    >>> subsets([2, 3])
    [(1, (2,)), (2, (3,)), (3, (2, 3))]
    """
    return list(enumerate((one for one in _some(steps, len(steps)) if one), start=1))


def _limits(number: int, step: Step, each_within: int | None) -> tuple[int, int | None]:
    where = f"step {number} {step.name!r}"
    shortest = length(step.after, where) or 0
    longest = each_within if step.within is None else length(step.within, where)
    if longest is not None and longest < shortest:
        raise DataError(f"{where}: its longest time is shorter than its shortest one")
    return shortest, longest


def _some(steps: Sequence[int], most: int) -> list[tuple[int, ...]]:
    """Every set of at most so many of the steps, the empty one first."""
    return [one for size in range(min(len(steps), most) + 1) for one in combinations(steps, size)]


def _add(
    found: Moves,
    from_step: int,
    to_step: int,
    taken: Sequence[int],
    limits: Sequence[tuple[int, int | None]],
    rules: Rules,
) -> None:
    """Add the move that takes these steps, the last of them `to_step`, at one moment."""
    shortest, longest = limits[taken[0] - 1] if from_step else (0, None)
    weight = sum((1 if one == to_step else 2) * 3 ** (one - 1) for one in taken)
    sets = subsets(taken) if len(taken) > 1 else []
    timed = rules.ties != "position" or shortest > 0
    size = (len(taken), len(sets))
    found.moves.append((from_step, to_step, *size, weight, shortest, longest, timed))
    found.taken.extend((from_step, weight, one) for one in taken)
    found.sets.extend(
        (from_step, weight, number, len(each), one) for number, each in sets for one in each
    )
