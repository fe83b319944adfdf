"""The whole sample in memory: people, lives, touches, survey answers; no file and no defect yet."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .people import Person, drawn_people
from .touches import Touch, drawn_touches
from .walk import DAY_S, WINDOW_S, Cycle, Life, drawn_life

START = datetime(2026, 1, 1, tzinfo=UTC)
# How lively each hour of the day is, in UTC: nights are quiet, evenings are not.
_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 9, 8, 8, 8, 9, 10, 12, 14, 14, 11, 7, 4)


@dataclass(frozen=True)
class Answer:
    """An invitation to score the shop after an order; `is_given` says whether it was answered."""

    at: float
    person_no: int
    score: int
    is_given: bool


@dataclass(frozen=True)
class Sample:
    """Everything that is true: touches in time order per person, cycles by person number."""

    seed: int
    people: tuple[Person, ...]
    cycles: dict[int, tuple[Cycle, ...]]
    touches: tuple[Touch, ...]
    answers: tuple[Answer, ...]


def generate(seed: int, customers: int) -> Sample:
    """Draws the sample: the same seed gives the same sample, more customers change no earlier one.

    >>> sample = generate(7, 20)
    >>> sample.touches[:30] == generate(7, 21).touches[:30]
    True
    """
    people = drawn_people(seed, customers, WINDOW_S)
    cycles: dict[int, tuple[Cycle, ...]] = {}
    touches: list[Touch] = []
    answers: list[Answer] = []
    for person in people:
        rng = random.Random(f"{seed}/life/{person.person_no}")
        life = drawn_life(rng, person)
        drawn = drawn_touches(rng, person, life, seed)
        answered = _answers(rng, person, life, drawn)
        asked = [
            Touch(a.at, person.person_no, "nps", email=person.email, value=float(a.score))
            for a in answered
            if a.is_given
        ]
        cycles[person.person_no] = life.cycles
        touches += _placed(sorted(drawn + asked, key=lambda touch: touch.at))
        answers += answered
    return Sample(seed, people, cycles, tuple(touches), tuple(answers))


def squiggle_of(cycle: Cycle) -> float:
    """Share of a cycle's stage movement that was detour; 0 when nothing moved."""
    return 1 - cycle.progress / cycle.movement if cycle.movement else 0.0


def _answers(
    rng: random.Random, person: Person, life: Life, touches: Sequence[Touch]
) -> list[Answer]:
    """Asks ten days after each order; a tangled or slow way, or a ticket, lowers the score.

    Who is very happy or very cross answers more often, so answers alone flatter or slander.
    """
    tickets = [touch.at for touch in touches if touch.key == "ticket_opened"]
    answers = []
    for cycle in life.cycles:
        at = cycle.ended_at + rng.uniform(10.0, 13.0) * DAY_S
        mood = 9.3 - 3.0 * squiggle_of(cycle) - 0.05 * (cycle.ended_at - cycle.started_at) / DAY_S
        mood -= 1.8 * any(cycle.started_at <= moment <= at for moment in tickets)
        score = min(10, max(0, round(mood + rng.gauss(0.0, 1.5))))
        is_given = rng.random() < 0.28 + 0.07 * abs(score - 7)
        if cycle.outcome == "converted" and at < WINDOW_S:
            answers.append(Answer(at, person.person_no, score, is_given))
    return answers


def _placed(touches: Sequence[Touch]) -> list[Touch]:
    """Moves a person's touches to lively hours of their day, in the same order, ≥ 2 s apart."""
    placed: list[Touch] = []
    last = -2.0
    for touch in touches:
        last = max(round(_lively(touch.at), 3), last + 2.0)
        placed.append(replace(touch, at=last))
    return [touch for touch in placed if touch.at < WINDOW_S]


def _lively(at: float) -> float:
    """The same day, at the hour where the same share of the day's activity has passed."""
    day, second = divmod(at, DAY_S)
    wanted = second / DAY_S * sum(_HOURS)
    for hour, weight in enumerate(_HOURS):
        if wanted <= weight:
            return day * DAY_S + (hour + wanted / weight) * 3600
        wanted -= weight
    return at
