"""Hand-made journeys for the report's tests, and the rows that the pipeline would make of them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any

STAGES = ("Awareness", "Interest", "Consideration", "Purchase", "Loyalty")
TOUCHPOINTS = {
    "Awareness": ("Display ad", "Search ad", "Social post"),
    "Interest": ("Blog", "Newsletter", "Website"),
    "Consideration": ("Cart", "Chat", "Product page"),
    "Purchase": ("Checkout",),
    "Loyalty": ("Referral", "Review"),
}
STEPS_SHOWN = 6


@dataclass(frozen=True)
class Journey:
    """One hand-made journey: (stage_no, touchpoint, seconds since the start) and how it ended."""

    name: str
    contacts: tuple[tuple[int, str, float], ...]
    status: str

    @property
    def states(self) -> list[int]:
        """Stages with repeats merged."""
        merged: list[int] = []
        for stage_no, _, _ in self.contacts:
            if not merged or merged[-1] != stage_no:
                merged.append(stage_no)
        return merged


@dataclass(frozen=True)
class Map:
    """One map: its name, its stages and its goal's number."""

    name: str
    stages: tuple[str, ...]
    touchpoints: dict[str, tuple[str, ...]]


def walk(journeys: int, stages: Map, seed: int) -> list[Journey]:
    """Return seeded random walks over the stages of a map."""
    chance = random.Random(seed)
    goal = len(stages.stages)
    made = []
    for number in range(journeys):
        stage_no = chance.choices([1, 2, 3], [7, 2, 1])[0]
        stage_no, seconds, contacts, status = min(stage_no, goal), 0.0, [], ""
        while not status:
            name = chance.choice(stages.touchpoints[stages.stages[stage_no - 1]])
            contacts.append((stage_no, name, seconds))
            seconds += chance.expovariate(1 / 90_000)
            draw = chance.random()
            if stage_no == goal:
                status = "converted"
            elif draw < 0.27:
                continue
            elif draw < 0.62:
                stage_no += 1
            elif draw < 0.66:
                stage_no = min(stage_no + 2, goal)
            elif draw < 0.83:
                stage_no = max(stage_no - chance.choice([1, 1, 2]), 1)
            else:
                status = chance.choices(["dropped_silent", "open", "dropped_explicit"], [6, 3, 1])[
                    0
                ]
        made.append(Journey(f"{number:020x}", tuple(contacts), status))
    return made


def wilson(k: float, n: float) -> tuple[float | None, float | None, float | None]:
    """Return share and 95 % interval, or nothing of nothing."""
    if not n:
        return None, None, None
    p, z = k / n, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return p, max(middle - half, 0.0), min(middle + half, 1.0)


def flows(map_name: str, stages: tuple[str, ...], journeys: list[Journey]) -> list[tuple[Any, ...]]:
    """Return the rows of stage_flows."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for journey in journeys:
        states = journey.states
        for step, stage_no in enumerate(states, start=1):
            here = stages[stage_no - 1]
            if step == len(states):
                if journey.status == "open":
                    link = (here, "(open)", None, "open", stage_no, None)
                else:
                    kind = "goal" if journey.status == "converted" else "exit"
                    link = (here, "(exit)", journey.status, kind, stage_no, None)
            elif step == STEPS_SHOWN:
                counted[(step, here, "(more)", None, "more", stage_no, None)] += 1
                break
            else:
                ahead = states[step]
                way = "goal" if ahead == len(stages) else "forward" if ahead > stage_no else "back"
                link = (here, stages[ahead - 1], None, way, stage_no, ahead)
            counted[(step, *link)] += 1
    return [
        (map_name, key[0], key[1], key[2], key[3], key[4], count, key[5], key[6])
        for key, count in sorted(counted.items(), key=str)
    ]


def moves(
    map_name: str, stages: tuple[str, ...], journeys: list[Journey], level: str
) -> list[tuple[Any, ...]]:
    """Return the rows of transitions on one level."""
    counted: Counter[tuple[str, str]] = Counter()
    met: dict[tuple[str, str], set[str]] = {}
    for journey in journeys:
        names = [
            stages[stage_no - 1] if level == "stage" else name
            for stage_no, name, _ in journey.contacts
        ]
        path = ["(start)", *names, "(open)" if journey.status == "open" else "(exit)"]
        for pair in pairwise(path):
            counted[pair] += 1
            met.setdefault(pair, set()).add(journey.name)
    out: Counter[str] = Counter()
    for (source, _), count in counted.items():
        out[source] += count
    return [
        (map_name, level, a, b, a == b, n, len(met[a, b]), len(met[a, b]), n / out[a], None, None)
        for (a, b), n in sorted(counted.items())
    ]


def nodes(map_name: str, one: Map, journeys: list[Journey]) -> list[tuple[Any, ...]]:
    """Return the rows of nodes on the touchpoint level, the real ones."""
    visits = Counter(name for j in journeys for _, name, _ in j.contacts)
    place = {name: no for no, s in enumerate(one.stages, 1) for name in one.touchpoints[s]}
    return [
        (map_name, "touchpoint", name, "real", number, place[name])
        + (one.stages[place[name] - 1], n, n, n, n, n)
        for number, (name, n) in enumerate(sorted(visits.items()), start=1)
    ]


def dropoff(
    map_name: str, stages: tuple[str, ...], journeys: list[Journey]
) -> list[tuple[Any, ...]]:
    """Return the rows of stage_dropoff; the headline is set a little off the naive ratio."""
    rows = []
    for stage_no, stage in enumerate(stages, start=1):
        reached = [j for j in journeys if max(j.states) >= stage_no]
        touched = sum(stage_no in j.states for j in reached)
        stuck = [j for j in reached if max(j.states) == stage_no]
        is_goal = stage_no == len(stages)
        still = 0 if is_goal else sum(j.status == "open" for j in stuck)
        dropped = 0 if is_goal else len(stuck) - still
        frontier = 0 if is_goal else touched
        naive = (None, None, None) if is_goal else wilson(dropped + still, len(reached))
        resolved = (None, None, None) if is_goal else wilson(dropped, len(reached) - still)
        rate = (None, None, None) if is_goal else wilson(0.86 * (dropped + still), len(reached))
        rows.append(
            (map_name, stage_no, stage, len(reached), touched, len(reached) - touched)
            + (len(reached) - len(stuck), dropped, still, len(reached) if is_goal else 0, touched)
            + (sum(j.states[-1] == stage_no for j in journeys), *naive, *resolved, frontier, 30.0)
            + (*rate, None if rate[0] is None else 1 - rate[0], None, 2.5)
        )
    return rows


def variants(
    map_name: str, stages: tuple[str, ...], journeys: list[Journey], level: str
) -> list[tuple[Any, ...]]:
    """Return the rows of variants on one level."""
    counted: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for journey in journeys:
        names = (
            [stages[stage_no - 1] for stage_no in journey.states]
            if level == "stage"
            else [name for _, name, _ in journey.contacts]
        )
        path = " > ".join(names)
        counted[path] += 1
        won[path] += journey.status == "converted"
    rows, covered = [], 0
    for number, (path, n) in enumerate(sorted(counted.items(), key=lambda i: (-i[1], i[0])), 1):
        covered += n
        total = len(journeys)
        rows.append(
            (map_name, level, number, path, path.count(" > ") + 1, n, n / total, covered / total)
            + (won[path], won[path] / n, 1.25, 0.2 if " > " in path else None)
        )
    return rows


def samples(
    map_name: str, stages: tuple[str, ...], journeys: list[Journey]
) -> list[tuple[Any, ...]]:
    """Return the rows of sample_journeys: a typical, a one in ten, up to 70 others."""
    won = sorted(
        (j for j in journeys if j.status == "converted"), key=lambda j: (len(j.contacts), j.name)
    )
    if not won:
        return []
    chosen = {won[len(won) // 2].name: "typical", won[len(won) * 9 // 10].name: "one_in_ten"}
    crowd = [j for j in won[:: max(1, len(won) // 70)] if j.name not in chosen][:70]
    picked = [j for j in won if j.name in chosen] + crowd
    return [
        (map_name, j.name, chosen.get(j.name, "crowd"), step, no, stages[no - 1], touchpoint, s)
        for j in picked
        for step, (no, touchpoint, s) in enumerate(j.contacts, start=1)
    ]


def squiggle(map_name: str, journeys: list[Journey]) -> list[tuple[Any, ...]]:
    """Return the rows of squiggle_summary, one a population."""
    variation = progress = straight = moving = back = steps = skips = 0
    for journey in journeys:
        states = journey.states
        jumps = [b - a for a, b in pairwise(states)]
        walked, got = sum(map(abs, jumps)), max(states) - states[0]
        variation, progress = variation + walked, progress + got
        moving += walked > 0
        straight += walked > 0 and walked == got
        back, skips, steps = back + sum(j < 0 for j in jumps), 0, steps + len(jumps)
    index = None if not variation else 1 - progress / variation
    share = wilson(straight, moving)
    ends = (None, None) if index is None else (max(index - 0.02, 0), min(index + 0.02, 1))
    return [
        (map_name, population, len(journeys), moving, variation, progress, index, 0.01, *ends)
        + (index, None, straight, *share, back / steps if steps else None, skips, 3, 0.1)
        for population in ("headline", "closed", "all")
    ]
