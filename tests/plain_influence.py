"""Influence counted in plain Python: the second computation that the models are held against."""

from __future__ import annotations

from collections import defaultdict
from math import exp

from pipeline.warehouse import Warehouse


def plain_influence(warehouse: Warehouse, touchpoint: str, alike: bool) -> dict[str, float]:
    """Return the figures of a touchpoint, counted step by step: every customer is a unit."""
    walks = defaultdict(list)
    for who, number, *step in warehouse.rows(
        "select step.customer_no, step.journey_no, step.step_no, step.occurred_us, "
        "event.touchpoint, step.previous_stage_no, step.is_across, event.channel, step.is_goal, "
        "step.is_abandon, event.device from journey_steps as step "
        "inner join events as event using (event_no) order by all"
    ):
        walks[who, number].append(step)
    as_of = warehouse.scalar("select as_of_us from as_of")
    day = 86_400_000_000
    trials = []
    for (who, number), steps in walks.items():
        goal = next((step for step in steps if step[6]), None)
        been = False
        for place, at, what, stage, across, _, _, ends, _ in steps:
            if goal is not None and place >= goal[0]:
                break
            if ends or as_of - at < 14 * day:
                continue
            if been:
                continue
            been = what == touchpoint
            days = sum(at - steps[0][1] >= one * day for one in (1, 3, 7, 14, 30))
            touches = place - 1 if place <= 3 else 3 + sum(place > one for one in (5, 9, 17))
            situation = (
                stage, across, days, touches, number > 1, place > 1 and steps[0][5],
                alike and (steps[0][8], steps[0][5]),
            )  # fmt: skip
            trials.append((situation, who, been, goal is not None and goal[1] - at <= 14 * day))
    arms = defaultdict(lambda: [0, 0, 0, 0])
    for situation, _, exposed, converts in trials:
        arms[situation][0 if exposed else 2] += 1
        arms[situation][1 if exposed else 3] += converts
    arms = {key: own for key, own in arms.items() if own[0] and own[2]}
    weight = sum(n1 * n0 / (n1 + n0) for n1, _, n0, _ in arms.values())
    first = sum(a * n0 / (n1 + n0) for n1, a, n0, _ in arms.values())
    other = sum(c * n1 / (n1 + n0) for n1, _, n0, c in arms.values())
    value, ratio = (first - other) / weight, first / other
    errors, ratio_errors = defaultdict(float), defaultdict(float)
    for situation, who, exposed, converts in trials:
        if situation not in arms:
            continue
        n1, a, n0, c = arms[situation]
        n = n1 + n0
        weighs = (n / (n - 1)) ** 0.5 * (n0 if exposed else -n1) / n
        expected = (a + c) / n + value * (n0 if exposed else -n1) / n
        base = (a + c) / (ratio * n1 + n0)
        errors[who] += weighs * (converts - expected)
        told = (converts - ratio * base) if exposed else ratio * (converts - base)
        ratio_errors[who] += weighs * told
    error = sum(own**2 for own in errors.values()) ** 0.5 / weight
    spread = exp(1.959964 * sum(own**2 for own in ratio_errors.values()) ** 0.5 / first)
    return {
        "compared": sum(own[0] for own in arms.values()),
        "controls": sum(own[2] for own in arms.values()),
        "chance": first / weight,
        "chance_without": other / weight,
        "difference": value,
        "difference_lo": value - 1.959964 * error,
        "difference_hi": value + 1.959964 * error,
        "ratio_lo": ratio / spread,
        "ratio_hi": ratio * spread,
    }
