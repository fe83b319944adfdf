"""Attribution against a plain second computation on random walks; laws of removal effects."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline import Attribution, attribution
from pipeline.attribution import removal_effects
from pipeline.credit import CREDITED, REPEATS, RULES

from .drawing import examples
from .walks import Walks

DAY_US = 86_400_000_000
Path = tuple[list[tuple[str, int]], int | None]
"""Names and times of a path's touches, and when it converts; None: it was dropped."""


def plain_paths(walks: Walks, by: str, takes_goal: bool, lookback_us: int | None) -> list[Path]:
    """The paths that have a touch, one journey after the other."""
    found: list[Path] = []
    for journeys in walks.customers().values():
        touches: list[tuple[int, int, int, str]] = []
        goals = []
        for number, journey in enumerate(journeys):
            last: dict[int, str] = {}
            for place, step in enumerate(journey.steps):
                name = step.touchpoint if by == "touchpoint" else step.channel
                if step.touchpoint == "Order":
                    goals.append((step.occurred_us, number))
                    if not takes_goal:
                        continue
                if name == "(no channel)":
                    continue
                if last.get(step.session_no) != name:
                    touches.append((step.occurred_us, number, place, name))
                last[step.session_no] = name
        paths: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for at, number, _, name in touches:
            following = [one for one in goals if one[1] >= number]  # a goal ends its journey
            goes_to = None
            if following:
                goal_us, won = following[0]
                if lookback_us is None or at > goal_us - lookback_us:
                    goes_to = won
            staged = any(step.stage for step in journeys[number].steps)
            if goes_to is None and staged and journeys[number].status.startswith("dropped"):
                goes_to = number
            if goes_to is not None:
                paths[goes_to].append((name, at))
        times = {number: goal_us for goal_us, number in goals}
        found += [(walked, times.get(number)) for number, walked in paths.items()]
    return found


def plain_path(walked: list[tuple[str, int]], repeats: str) -> list[tuple[str, int]]:
    if repeats == "merge":
        return [
            one for place, one in enumerate(walked) if not place or walked[place - 1][0] != one[0]
        ]
    if repeats == "first":
        names = [name for name, _ in walked]
        return [one for place, one in enumerate(walked) if names.index(one[0]) == place]
    return walked


def plain_shares(names: list[str], ages: list[float], direct: set[str]) -> dict[str, list[float]]:
    """The share of each touch, under every rule but Markov's."""
    size = len(names)
    named = [place for place, name in enumerate(names) if name not in direct]
    decay = [2 ** (-(age - ages[-1])) for age in ages]
    ends = [0.4, *[0.2 / (size - 2)] * (size - 2), 0.4] if size > 2 else [1 / size] * size
    return {
        "first": [float(place == 0) for place in range(size)],
        "last": [float(place == size - 1) for place in range(size)],
        "last_non_direct": [float(place == (named or [size - 1])[-1]) for place in range(size)],
        "linear": [1 / size] * size,
        "linear_unique": [
            (names.index(name) == place) / len(set(names)) for place, name in enumerate(names)
        ],
        "position_based": ends,
        "time_decay": [one / sum(decay) for one in decay],
    }


@given(
    by=st.sampled_from([one for one in CREDITED if one != "campaign"]),
    takes_goal=st.booleans(),
    lookback=st.sampled_from([None, "30 min", "2 d", "33 d", "90 d"]),
    repeats=st.sampled_from(REPEATS),
    half_life=st.sampled_from([1, 7]),
)
@examples(25)
def test_the_credits_are_those_of_a_plain_walk(
    walks: Walks,
    by: str,
    takes_goal: bool,
    lookback: str | None,
    repeats: str,
    half_life: int,
) -> None:
    direct = "web" if by == "channel" else "Ad"
    asked = Attribution(
        by,
        takes_goal=takes_goal,
        lookback=lookback,
        repeats=repeats,
        half_life=f"{half_life} d",
        direct=[direct],
    )
    found = attribution(walks.warehouse, asked, draws=2)
    units = {"min": 60_000_000, "d": DAY_US}
    length = None if lookback is None else int(lookback.split()[0]) * units[lookback.split()[1]]
    expected: dict[tuple[str, str], float] = defaultdict(float)
    moves: dict[tuple[str, str], int] = defaultdict(int)
    touches: dict[str, int] = defaultdict(int)
    conversions: dict[str, int] = defaultdict(int)
    for walked, goal_us in plain_paths(walks, by, takes_goal, length):
        path = plain_path(walked, repeats)
        names = [name for name, _ in path]
        for name in names:
            touches[name] += 1
        end = "null" if goal_us is None else "goal"
        for pair in zip(["start", *names], [*names, end], strict=True):
            moves[pair] += 1
        if goal_us is None:
            continue
        for name in set(names):
            conversions[name] += 1
        ages = [(goal_us - at) / DAY_US / half_life for _, at in path]
        for rule, shares in plain_shares(names, ages, {direct}).items():
            for name, share in zip(names, shares, strict=True):
                expected[name, rule] += share
    total = sum(count for (_, to), count in moves.items() if to == "goal")
    effects = plain_effects(moves, sorted(touches))
    for name, effect in effects.items():
        expected[name, "markov"] = total * effect / sum(effects.values())
    rows = found.credits[found.credits["is_name"]]
    credited = {(one.name, one.rule): one.conversions for one in rows.itertuples(index=False)}
    assert credited == pytest.approx(
        {(name, rule): expected[name, rule] for name in touches for rule in RULES}, abs=1e-9
    )
    assert dict(zip(found.names["name"], found.names["touches"], strict=True)) == touches
    assert {
        one.name: one.conversions for one in found.names.itertuples(index=False) if one.conversions
    } == conversions
    sums = found.credits.groupby("rule")["conversions"].sum()
    assert sums.to_dict() == pytest.approx(dict.fromkeys(RULES, found.totals["conversions"]))


def plain_effects(moves: dict[tuple[str, str], int], names: list[str]) -> dict[str, float]:
    """The removal effects, each from a chain of its own that ends wherever the name is entered."""
    rate = plain_rate(moves, names, None)
    return {name: 1 - plain_rate(moves, names, name) / rate for name in names}


def plain_rate(moves: dict[tuple[str, str], int], names: list[str], without: str | None) -> float:
    """The chance to reach the goal from the start, solved as linear equations."""
    states = ["start", *(name for name in names if name != without)]
    place = {name: number for number, name in enumerate(states)}
    matrix, goal = np.eye(len(states)), np.zeros(len(states))
    for state in states:
        left = sum(count for (origin, _), count in moves.items() if origin == state)
        for (origin, to), count in moves.items():
            if origin == state and to == "goal":
                goal[place[state]] += count / left
            elif origin == state and to in place:
                matrix[place[state], place[to]] -= count / left
    return float(np.linalg.solve(matrix, goal)[0])


drawn_paths = st.lists(
    st.tuples(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.booleans()),
    min_size=1,
    max_size=12,
)


def chain(paths: list[tuple[list[int], bool]], names: int = 4) -> Any:
    counts = np.zeros((names + 1, names + 2))
    for walked, converts in paths:
        states = [0, *(one + 1 for one in walked)]
        for origin, to in zip(states, [*walked, names if converts else names + 1], strict=True):
            counts[origin, to] += 1
    return counts


@given(drawn_paths, st.lists(st.tuples(st.just([]), st.booleans()), max_size=3))
def test_the_chain_converts_as_often_as_the_paths_did(paths: Any, touchless: Any) -> None:
    paths = paths + touchless
    found = removal_effects(chain(paths), np.zeros(5))
    assert found.rate == pytest.approx(np.mean([converts for _, converts in paths]))


@given(drawn_paths)
def test_a_removal_effect_is_a_share_and_whole_for_what_all_conversions_leave(paths: Any) -> None:
    won = [walked for walked, converts in paths if converts]
    assume(won)
    found = removal_effects(chain(paths), np.zeros(5)).of_conversions
    assert ((found > -1e-9) & (found < 1 + 1e-9)).all()
    for name in range(4):
        if all(name == walked[-1] for walked in won) or all(name == one[0][0] for one in paths):
            assert found[name] == pytest.approx(1)
        if not any(name in walked for walked, _ in paths):
            assert found[name] == 0


@given(drawn_paths)
def test_merging_repeats_changes_no_removal_effect(paths: Any) -> None:
    assume(any(converts for _, converts in paths))
    merged = [
        ([one for place, one in enumerate(walked) if not place or walked[place - 1] != one], wins)
        for walked, wins in paths
    ]
    both = [removal_effects(chain(one), np.zeros(5)).of_conversions for one in (paths, merged)]
    assert both[0] == pytest.approx(both[1])


@given(drawn_paths)
def test_money_alike_for_all_conversions_is_lost_like_them(paths: Any) -> None:
    assume(any(converts for _, converts in paths))
    counts = chain(paths)
    found = removal_effects(counts, 20 * counts[:, 4])
    assert found.of_value == pytest.approx(found.of_conversions)


@given(drawn_paths)
def test_names_that_are_alike_have_the_same_effect(paths: Any) -> None:
    assume(any(converts for _, converts in paths))
    swapped = [([{0: 1, 1: 0}.get(one, one) for one in walked], wins) for walked, wins in paths]
    found = removal_effects(chain(paths + swapped), np.zeros(5)).of_conversions
    assert found[0] == pytest.approx(found[1])


@given(st.lists(st.sets(st.integers(0, 3), min_size=1), min_size=1, max_size=8))
def test_equal_shares_of_the_names_of_a_path_are_the_shapley_value(won: list[set[int]]) -> None:
    """A coalition is worth the conversions whose names it has all of."""
    names = range(4)

    def worth(coalition: set[int]) -> int:
        return sum(one <= coalition for one in won)

    for name in names:
        others = [one for one in names if one != name]
        value = sum(
            factorial(size) * factorial(3 - size) / factorial(4)
            * (worth({*held, name}) - worth(set(held)))
            for size in range(4)
            for held in combinations(others, size)
        )  # fmt: skip
        shared = sum(
            plain_shares([str(member) for member in one], [0.0] * len(one), set())["linear_unique"][
                0
            ]
            for one in won
            if name in one
        )
        assert shared == pytest.approx(value)
