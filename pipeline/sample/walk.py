"""A person's life in the shop as bare visits: cycles of stages, orders, what follows them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from .chain import Chain
from .people import Person
from .personas import AWARENESS, CONSIDERATION, INTEREST, LOYALTY, PURCHASE

DAY_S = 86_400.0
WINDOW_DAYS = 151
WINDOW_S = WINDOW_DAYS * DAY_S


@dataclass(frozen=True)
class Visit:
    """A moment at a stage; `cycle_no` counts purchase cycles from 1, `room` is the wait after it.

    Seconds since the window opened.
    """

    at: float
    stage: int
    cycle_no: int
    room: float


@dataclass(frozen=True)
class Cycle:
    """One walk towards an order and its end: 'converted', 'abandoned' or 'open' (window ended).

    `ended_at` is the last visit's second; of an abandoned cycle nothing is seen after it.
    """

    cycle_no: int
    started_at: float
    ended_at: float
    outcome: str
    movement: int
    progress: int


@dataclass(frozen=True)
class Life:
    """All visits and cycles of a person, in time order."""

    visits: tuple[Visit, ...]
    cycles: tuple[Cycle, ...]


def drawn_life(rng: random.Random, person: Person) -> Life:
    """Walks the person's chain from the entry on, again and again while orders follow orders."""
    visits: list[Visit] = []
    cycles: list[Cycle] = []
    at, stage = person.entered, AWARENESS
    while at < WINDOW_S:
        steps, outcome = _cycle(rng, person.persona.chain, at, stage)
        cycles.append(_summed(len(cycles) + 1, steps, outcome))
        visits.extend(_roomed(steps, len(cycles)))
        if outcome != "converted":
            break
        loyalty = _loyalty(rng, person, steps[-1][0])
        visits.extend(_roomed(loyalty, len(cycles)))
        if rng.random() >= person.persona.repeat:
            break
        at = (loyalty or steps)[-1][0] + rng.gammavariate(2.0, 11.0) * DAY_S
        stage = rng.choices((AWARENESS, INTEREST, CONSIDERATION), (0.35, 0.45, 0.20))[0]
    return Life(tuple(visits), tuple(cycles))


def _cycle(
    rng: random.Random, chain: Chain, at: float, stage: int
) -> tuple[list[tuple[float, int]], str]:
    steps = []
    while at < WINDOW_S:
        steps.append((at, stage))
        if stage == PURCHASE:
            return steps, "converted"
        row = chain.choices[stage - 1]
        actions = ("stay", "forward", "skip", "back", "abandon")
        action = rng.choices(actions, [getattr(row, name) for name in actions])[0]
        if action == "abandon":
            return steps, "abandoned"
        wait = getattr(chain.gaps, action)
        if action == "back":
            stage = rng.randrange(1, stage)
        else:
            stage += {"stay": 0, "forward": 1, "skip": 2}[action]
        at += rng.expovariate(1 / wait) * DAY_S
    return steps, "open"


def _loyalty(rng: random.Random, person: Person, at: float) -> list[tuple[float, int]]:
    steps: list[tuple[float, int]] = []
    while rng.random() < person.persona.loyal + 0.15 * bool(steps):
        at += rng.gammavariate(2.0, 4.0) * DAY_S
        if at >= WINDOW_S:
            break
        steps.append((at, LOYALTY))
    return steps


def _summed(cycle_no: int, steps: list[tuple[float, int]], outcome: str) -> Cycle:
    stages = [stage for _, stage in steps]
    return Cycle(
        cycle_no=cycle_no,
        started_at=steps[0][0],
        ended_at=steps[-1][0],
        outcome=outcome,
        movement=sum(abs(b - a) for a, b in pairwise(stages)),
        progress=max(stages) - stages[0],
    )


def _roomed(steps: list[tuple[float, int]], cycle_no: int) -> list[Visit]:
    ends = [at for at, _ in steps[1:]] + [WINDOW_S]
    return [
        Visit(at, stage, cycle_no, end - at) for (at, stage), end in zip(steps, ends, strict=False)
    ]
